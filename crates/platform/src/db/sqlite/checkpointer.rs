//! Moves committed pages from the write-ahead log into the database file on a thread of its own, so that the writer
//! does not stop for it.
//!
//! A log is started anew only when all of it has been moved at the instant a write begins, which never happens while
//! the writer is busy. So once the log has grown long, this thread catches up and then asks the writer to move the
//! little that is left.
//!
//! Whoever moves the end of the log waits for the disk to have all that was moved since it was last synced: thousands
//! of pages, did this thread not sync the database file itself, each time it has moved some. A few at a time, because
//! commits wait behind them in the disk's queue. SQLite's own order of syncs is untouched; these are additional.

use std::{
    fs::File,
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

/// Between two looks at the log. Pages that many commits wrote meanwhile are moved once; but the more are moved at once,
/// the longer a commit waits behind them: of 100, 40 and 20 ms, the first gave some 4 and 8 % more orders a second than the
/// others, and two to three times their 99th percentile at half load.
const INTERVAL: Duration = Duration::from_millis(30);

/// Pages after which the log is to start anew: 256 MiB. The writer stands still for some ten milliseconds at its end, which
/// should be rare; but a longer log takes longer to read after a crash.
const LONG: i64 = 65_536;

/// Pages that the writer may be asked to move.
const LITTLE: i64 = 256;

/// Times to move and sync in order to leave only a little. Each takes a fraction of the one before.
const ROUNDS: u32 = 4;

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

/// Starts the thread. `database` is the database file, opened once more to be synced. POSIX locks of a file go with the
/// first handle to it that its process closes, so this one must outlive every connection.
pub(super) fn start(
    path: &Path,
    database: Arc<File>,
    checkpoints: Arc<Checkpoints>,
) -> DbResult<JoinHandle<()>> {
    let path = path.to_owned();
    std::thread::Builder::new()
        .name("sqlite-checkpoint".into())
        .spawn(move || match connection::open(&path, false) {
            Ok(connection) => run(&connection, &database, &checkpoints),
            Err(error) => tracing::error!(%error, "the checkpoint thread cannot open the database"),
        })
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

fn run(connection: &connection::Connection, database: &File, checkpoints: &Checkpoints) {
    while checkpoints.pause() {
        if !checkpoints.dirty.swap(false, Ordering::Relaxed) {
            continue;
        }
        match move_most(connection, database) {
            Ok(true) => checkpoints.finish.store(true, Ordering::Relaxed),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the write-ahead log was not moved; it is tried again"),
        }
    }
}

/// Moves the log and has it safe on disk; when it is long, again until only a little is left. Answers whether it is
/// long.
fn move_most(connection: &connection::Connection, database: &File) -> DbResult<bool> {
    let mut moved = 0;
    for _ in 0..ROUNDS {
        let log = move_log(connection)?;
        database
            .sync_data()
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        if log.pages < LONG {
            return Ok(false);
        }
        if log.moved - moved <= LITTLE {
            break;
        }
        moved = log.moved;
    }
    Ok(true)
}

/// How long the log is and how much of it has been moved.
pub(super) struct Log {
    pages: i64,
    moved: i64,
}

/// Moves what no reader still needs in the log.
pub(super) fn move_log(connection: &connection::Connection) -> DbResult<Log> {
    let rows: Vec<(i64, i64, i64)> = connection.query(&sql("PRAGMA wal_checkpoint(PASSIVE)"))?;
    let (_, pages, moved) = rows.first().copied().unwrap_or_default();
    Ok(Log { pages, moved })
}
