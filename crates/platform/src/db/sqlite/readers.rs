//! Reading threads: each has a read-only connection and runs one look at a time inside one snapshot.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    thread::JoinHandle,
};

use super::{Look, connection, queue::Queue};
use crate::db::{
    DbError, DbResult,
    session::{Reader, Session, Side},
};

pub(super) fn start(path: &Path, number: usize, queue: Arc<Queue<Look>>) -> DbResult<JoinHandle<()>> {
    let path = path.to_owned();
    std::thread::Builder::new()
        .name(format!("sqlite-read-{number}"))
        .spawn(move || match connection::open(&path, true) {
            Ok(connection) => run(&connection, &queue),
            Err(error) => tracing::error!(%error, "a reading thread cannot open the database"),
        })
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

fn run(connection: &connection::Connection, queue: &Queue<Look>) {
    let mut looks = Vec::new();
    while queue.take(1, &mut looks) {
        for look in looks.drain(..) {
            if let Err(error) = connection.control("BEGIN") {
                tracing::error!(%error, "cannot begin a snapshot");
                continue;
            }
            let mut reader = Reader {
                session: Session::new(Side::Sqlite(connection.clone())),
            };
            // A look that panics drops its answer, which its caller notices; the thread goes on.
            if catch_unwind(AssertUnwindSafe(|| look(&mut reader))).is_err() {
                tracing::error!("a read panicked");
            }
            let _ = connection.control("ROLLBACK");
        }
    }
}
