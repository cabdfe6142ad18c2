//! Moves committed pages from the write-ahead log into the database file on a thread of its own, so that the writer
//! does not stop for it.
//!
//! A log is started anew only when all of it has been moved at the instant a write begins, which never happens while
//! the writer is busy. So once the log has grown long, this thread catches up and then asks the writer to move the
//! little that is left.

use std::{
    path::Path,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::connection;
use crate::db::{DbError, DbResult, query::sql};

/// Between two looks at the log.
const INTERVAL: Duration = Duration::from_millis(50);

/// Pages after which the log is to start anew: 128 MiB. A longer log would make its end rarer, but a log that still
/// grows is written more slowly than one that starts anew over space it has had before.
const LONG: i64 = 32_768;

/// What the writer and the checkpointer tell each other.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// The writer has committed since the last look.
    dirty: AtomicBool,
    /// The log is long and nearly all moved: the writer should move the rest.
    finish: AtomicBool,
    closed: Mutex<bool>,
    closing: Condvar,
}

impl Checkpoints {
    /// The writer has committed; true when it should move the rest of the log now.
    pub(super) fn committed(&self) -> bool {
        self.dirty.store(true, Ordering::Relaxed);
        self.finish.swap(false, Ordering::Relaxed)
    }

    /// Ends the thread.
    pub(super) fn close(&self) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.closing.notify_all();
    }

    /// Waits for the next look; false when it is time to end.
    fn pause(&self) -> bool {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .closing
            .wait_timeout_while(closed, INTERVAL, |closed| !*closed);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

pub(super) fn start(path: &Path, checkpoints: Arc<Checkpoints>) -> DbResult<JoinHandle<()>> {
    let path = path.to_owned();
    std::thread::Builder::new()
        .name("sqlite-checkpoint".into())
        .spawn(move || match connection::open(&path, false) {
            Ok(connection) => run(&connection, &checkpoints),
            Err(error) => tracing::error!(%error, "the checkpoint thread cannot open the database"),
        })
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

fn run(connection: &connection::Connection, checkpoints: &Checkpoints) {
    while checkpoints.pause() {
        if !checkpoints.dirty.swap(false, Ordering::Relaxed) {
            continue;
        }
        match move_log(connection) {
            Ok(pages) if pages >= LONG => {
                // What came in during the first pass is little, and what comes in during this one even less.
                let _ = move_log(connection);
                checkpoints.finish.store(true, Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the write-ahead log was not moved; it is tried again"),
        }
    }
}

/// Moves what no reader still needs in the log; answers how many pages the log has.
pub(super) fn move_log(connection: &connection::Connection) -> DbResult<i64> {
    let rows: Vec<(i64, i64, i64)> = connection.query(&sql("PRAGMA wal_checkpoint(PASSIVE)"))?;
    Ok(rows.first().map_or(0, |(_, pages, _)| *pages))
}
