//! PostgreSQL: units run on a few pinned single-threaded executors, each with its own share of the pool, because the
//! future of a unit cannot be proved `Send`. A statement is a real round trip; independent ones are pipelined.

mod codec;
mod connection;
mod executor;
mod together;

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_postgres::Pool;
use futures_util::future::LocalBoxFuture;
use tokio::sync::{mpsc, oneshot};

pub(super) use codec::cell;
pub(super) use connection::Connection;

use super::{
    Connections, DbError, DbResult,
    session::Reader,
    unit::{Recording, Unit},
};
use executor::Executor;

/// A look at a snapshot, answered through a channel of its own.
type Look = Box<dyn for<'a> FnOnce(&'a mut Reader) -> LocalBoxFuture<'a, ()> + Send>;

/// What an executor is asked to do.
enum Job {
    Write(Box<dyn Unit>),
    Read(Look),
}

/// The handle features hold: one channel an executor. Dropping the last one ends the threads.
pub(super) struct Postgres {
    executors: Vec<mpsc::UnboundedSender<Job>>,
    pools: Vec<Pool>,
    next: AtomicUsize,
}

impl Postgres {
    /// Connects lazily: an executor opens connections as units need them, `connections` in all.
    pub(super) fn open(
        url: &str,
        connections: usize,
        executors: usize,
        recording: &Recording,
    ) -> DbResult<Self> {
        let config: tokio_postgres::Config = url
            .parse()
            .map_err(|_| DbError::Fault("database.url is not a PostgreSQL address".into()))?;
        let share = connections.div_ceil(executors).max(1);
        let started = (0..executors)
            .map(|number| Executor::start(number, &config, share, recording.inbox))
            .collect::<DbResult<Vec<_>>>()?;
        let (executors, pools): (_, Vec<_>) = started.into_iter().unzip();
        Ok(Self {
            executors,
            pools: pools.concat(),
            next: AtomicUsize::new(0),
        })
    }

    pub(super) fn write(&self, unit: Box<dyn Unit>) {
        if let Err(mpsc::error::SendError(Job::Write(unit))) = self.executor().send(Job::Write(unit)) {
            unit.settle(Err(DbError::Unavailable(
                "the database executor has stopped".into(),
            )));
        }
    }

    /// What the look answers; `None` when it panicked or the executor has stopped.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        look: impl AsyncFnOnce(&mut Reader) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let look: Look = Box::new(move |reader| {
            Box::pin(async move {
                let _ = answer.send(look(reader).await);
            })
        });
        let _ = self.executor().send(Job::Read(look));
        answered.await.ok()
    }

    pub(super) fn connections(&self) -> Connections {
        self.pools.iter().fold(Connections::default(), |sum, pool| {
            let status = pool.status();
            Connections {
                in_use: sum.in_use + status.size.saturating_sub(status.available),
                idle: sum.idle + status.available,
                waited_for: sum.waited_for + status.waiting,
                most: sum.most + status.max_size,
            }
        })
    }

    fn executor(&self) -> &mpsc::UnboundedSender<Job> {
        &self.executors[self.next.fetch_add(1, Ordering::Relaxed) % self.executors.len()]
    }
}
