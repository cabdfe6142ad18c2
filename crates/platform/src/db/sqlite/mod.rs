//! SQLite: one thread writes, one has the disk keep it and answers, a few read. They work off queues, so a client that hangs up stops nothing half-way.

mod checkpointer;
mod connection;
mod horizon;
mod queue;
mod readers;
#[cfg(test)]
mod tests;
mod writer;

use std::{fs::File, path::Path, sync::Arc};

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

pub(super) use connection::{Connection, open_for_migration};

use super::{
    DbError, DbResult,
    session::Reader,
    unit::{Recording, Unit},
};
use checkpointer::Checkpoints;
use horizon::Horizon;
use queue::Queue;

/// A job for a reading thread.
type Look = Box<dyn FnOnce(&mut Reader) + Send>;

/// The handle features hold: two queues. Dropping the last one ends the threads.
pub(super) struct Sqlite {
    writes: Arc<Queue<Box<dyn Unit>>>,
    reads: Arc<Queue<Look>>,
    checkpoints: Arc<Checkpoints>,
    horizon: Arc<Horizon>,
    threads: Vec<std::thread::JoinHandle<()>>,
    /// Closed when the threads and with them all connections have ended; see [`checkpointer::start`].
    _database: Arc<File>,
}

impl Sqlite {
    /// Opens the database file and starts the threads. The schema is already there.
    pub(super) fn open(path: &Path, readers: usize, recording: Recording) -> DbResult<Self> {
        let writes = Arc::new(Queue::new());
        let reads = Arc::new(Queue::new());
        let checkpoints = Arc::new(Checkpoints::default());
        let database = File::open(path).map_err(|error| DbError::Unavailable(error.to_string()))?;
        let database = Arc::new(database);
        connection::sync_log(path)?;
        let horizon = Arc::new(Horizon::new());
        let mut threads = vec![
            writer::start(
                path,
                recording.group_end,
                Arc::clone(&writes),
                Arc::clone(&checkpoints),
                Arc::clone(&horizon),
            )?,
            checkpointer::start(path, Arc::clone(&database), Arc::clone(&checkpoints))?,
        ];
        for number in 0..readers {
            threads.push(readers::start(path, number, Arc::clone(&reads))?);
        }
        Ok(Self {
            writes,
            reads,
            checkpoints,
            horizon,
            threads,
            _database: database,
        })
    }

    pub(super) fn write(&self, unit: Box<dyn Unit>, bulk: bool) {
        if let Err(unit) = self.writes.push(unit, bulk) {
            unit.settle(Err(queue::full()));
        }
    }

    /// What the look answers, once the disk has all that it may have seen; `None` when it panicked or was not carried out.
    pub(super) async fn read<T, E>(
        &self,
        look: impl AsyncFnOnce(&mut Reader) -> Result<T, E> + Send + 'static,
    ) -> Option<Result<T, E>>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let horizon = Arc::clone(&self.horizon);
        let look: Look = Box::new(move |reader| {
            let looked = look(reader).now_or_never();
            let _ = answer.send((looked, horizon.seen()));
        });
        // A look that is refused is dropped, and its answer with it.
        drop(self.reads.push(look, false));
        let (looked, seen) = answered.await.ok()?;
        if let Err(error) = self.horizon.reach(seen).await {
            return Some(Err(error.into()));
        }
        let awaited = || Err(DbError::Fault("a read awaited something other than its reader".into()).into());
        Some(looked.unwrap_or_else(awaited))
    }

    /// How many units wait for the writer.
    pub(super) fn waiting(&self) -> usize {
        self.writes.len()
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
        self.checkpoints.close();
        // A thread that drops the last handle itself must not wait for itself.
        if self.horizon.answers_here() {
            // The connections are closed later than this handle, which would take their locks along.
            std::mem::forget(Arc::clone(&self._database));
            return;
        }
        for thread in self.threads.drain(..) {
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
