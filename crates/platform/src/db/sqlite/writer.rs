//! The writing thread: takes what is queued, runs each unit, numbers what they recorded and commits once for all of them.
//! It goes on with the next group while the disk takes this one; see [`super::horizon`], which answers.
//!
//! A savepoint makes SQLite copy every page that the unit is the first to change, and units that must be undone are few.
//! So groups go without savepoints while nobody needs them: when a unit has to be undone after all, its group is rolled back
//! and runs again with a savepoint each, and so do the groups that follow, until [`CALM`] of them undid nothing.
//!
//! Invariants: no unit is answered before the disk has the COMMIT that holds its effects; a unit that refuses,
//! fails or panics is undone alone; when a disk error rolls the group's transaction back, its units run again one by
//! one; a COMMIT that fails, fails them all, because what reached the disk is then unknown.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use auditlog::NewEntry;
use futures_util::FutureExt as _;

use super::{
    checkpointer::{self, Checkpoints},
    connection::{self, Connection},
    horizon::{self, Committed, Horizon, Ran},
    queue::Queue,
};
use crate::db::{
    ATTEMPTS, DbError, DbResult,
    session::{Session, Side, Tx},
    unit::{GroupEnd, Unit, Verdict},
};

/// Units that share one COMMIT at most: bounds how long the first of them waits for the last.
const GROUP: usize = 128;

/// Groups with savepoints in a row that undo nothing before one goes without. At worst, somebody who is refused at just
/// that rate has one group in so many run twice.
const CALM: u32 = 64;

pub(super) fn start(
    path: &Path,
    group_end: Box<dyn GroupEnd>,
    queue: Arc<Queue<Box<dyn Unit>>>,
    checkpoints: Arc<Checkpoints>,
    horizon: Arc<Horizon>,
) -> DbResult<JoinHandle<()>> {
    let path = path.to_owned();
    std::thread::Builder::new()
        .name("sqlite-write".into())
        .spawn(move || {
            if let Err(error) = write(&path, group_end, &queue, checkpoints, horizon) {
                tracing::error!(%error, "the writing thread cannot open the database");
            }
        })
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

/// Writes until the queue is closed and empty and all are answered. The connection is closed last, because the last to be
/// closed removes the log.
fn write(
    path: &Path,
    group_end: Box<dyn GroupEnd>,
    queue: &Queue<Box<dyn Unit>>,
    checkpoints: Arc<Checkpoints>,
    horizon: Arc<Horizon>,
) -> DbResult<()> {
    let (connection, log) = connection::open_to_write(path)?;
    let (committed, syncing) = horizon::start(Arc::clone(&horizon), move || log.sync_data())?;
    let _guard = horizon::Guard(Arc::clone(&horizon));
    let mut writer = Writer {
        connection: connection.clone(),
        group_end,
        checkpoints,
        horizon,
        committed,
        calm: 0,
    };
    writer.run(queue);
    drop(writer);
    let _ = syncing.join();
    drop(connection);
    Ok(())
}

struct Writer {
    connection: Connection,
    group_end: Box<dyn GroupEnd>,
    checkpoints: Arc<Checkpoints>,
    horizon: Arc<Horizon>,
    committed: mpsc::SyncSender<Committed>,
    /// Groups since one of their units was undone.
    calm: u32,
}

/// The group's transaction is gone, with everything in it.
struct Lost {
    error: DbError,
    /// Those that already ran, and those that had not yet.
    units: Vec<Box<dyn Unit>>,
    cause: Cause,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A unit had to be undone, and the group had no savepoints.
    Undone,
    /// The database rolled back.
    Database,
    /// COMMIT itself failed.
    Commit,
}

impl Writer {
    fn run(&mut self, queue: &Queue<Box<dyn Unit>>) {
        let mut units = Vec::new();
        while queue.take(GROUP, &mut units) {
            if !self.horizon.is_known() {
                for unit in units.drain(..) {
                    unit.settle(Err(horizon::refused()));
                }
                continue;
            }
            let alone = units.len() == 1;
            match self.commit_group(std::mem::take(&mut units), alone || self.calm < CALM) {
                Ok(()) => {}
                Err(lost) if lost.cause == Cause::Undone => match self.commit_group(lost.units, true) {
                    Ok(()) => {}
                    Err(lost) => self.rescue(lost),
                },
                Err(lost) => self.rescue(lost),
            }
        }
    }

    /// Runs the units of a lost group one by one, unless there is but one or nobody knows whether they have committed.
    fn rescue(&mut self, lost: Lost) {
        if lost.units.len() == 1 || lost.cause == Cause::Commit {
            return settle_all(lost);
        }
        tracing::warn!(error = %lost.error, "a group was lost; its units run one by one");
        for unit in lost.units {
            self.commit_group(vec![unit], true).unwrap_or_else(settle_all);
        }
    }

    /// Runs the units in one transaction and hands them on to be answered. When the transaction is lost nobody has been.
    fn commit_group(&mut self, units: Vec<Box<dyn Unit>>, savepoints: bool) -> Result<(), Lost> {
        if let Err(error) = self.connection.control("BEGIN IMMEDIATE") {
            return Err(Lost {
                error,
                units,
                cause: Cause::Database,
            });
        }
        self.calm = self.calm.saturating_add(1);
        let mut ran: Vec<Ran> = Vec::with_capacity(units.len());
        let mut entries = Vec::with_capacity(units.len());
        let mut units = units.into_iter();
        while let Some(mut unit) = units.next() {
            let fate = self.run_unit(&mut *unit, &mut entries, savepoints);
            ran.push((unit, fate));
            if self.connection.is_autocommit() {
                let error = DbError::Fault("the transaction was rolled back by the database".into());
                return Err(self.lose(Cause::Database, error, ran, units));
            }
            if self.connection.is_undone() {
                self.calm = 0;
                if !savepoints {
                    return Err(self.lose(Cause::Undone, DbError::Aborted, ran, units));
                }
            }
        }
        if let Err(error) = self.append(entries) {
            return Err(self.lose(Cause::Database, error, ran, units));
        }
        let number = self.horizon.begin();
        if let Err(error) = self.connection.control("COMMIT") {
            self.hand_on(number, Vec::new());
            return Err(self.lose(Cause::Commit, error, ran, units));
        }
        self.group_end.committed();
        self.hand_on(number, ran);
        if self.checkpoints.committed()
            && let Err(error) = checkpointer::move_log(&self.connection)
        {
            tracing::warn!(%error, "the rest of the write-ahead log was not moved; it is tried again");
        }
        Ok(())
    }

    /// Has the disk take the commit and its units answered.
    fn hand_on(&self, number: u64, ran: Vec<Ran>) {
        if let Err(mpsc::SendError(late)) = self.committed.send(Committed { number, ran }) {
            late.settle_unknown();
        }
    }

    /// Runs one unit; again, when it asks for a retry as it would get one on PostgreSQL.
    fn run_unit(&self, unit: &mut dyn Unit, entries: &mut Vec<NewEntry>, savepoint: bool) -> DbResult<()> {
        self.connection.begin_unit(savepoint)?;
        let mut fate = self.attempt(unit, entries);
        for _ in 1..ATTEMPTS {
            if !matches!(fate, Err(DbError::Serialization(_))) {
                break;
            }
            fate = self.attempt(unit, entries);
        }
        if !self.connection.is_autocommit() {
            self.connection.end_unit()?;
        }
        fate
    }

    fn attempt(&self, unit: &mut dyn Unit, entries: &mut Vec<NewEntry>) -> DbResult<()> {
        let mut tx = Tx {
            session: Session::new(Side::Sqlite(self.connection.clone())),
        };
        let verdict = catch_unwind(AssertUnwindSafe(|| unit.attempt(&mut tx).now_or_never()));
        let fate = match verdict {
            Ok(Some(Verdict::Commit(_) | Verdict::CommitUnrecorded)) if tx.session.has_failed() => {
                Err(DbError::Aborted)
            }
            Ok(Some(Verdict::Commit(recorded))) => {
                entries.extend(recorded);
                return Ok(());
            }
            Ok(Some(Verdict::CommitUnrecorded)) => return Ok(()),
            Ok(Some(Verdict::RollBack)) => Ok(()),
            Ok(Some(Verdict::Failed(error))) => Err(error),
            Ok(None) => Err(DbError::Fault(
                "a unit awaited something other than its transaction".into(),
            )),
            Err(_) => Err(DbError::Panicked),
        };
        if !self.connection.is_autocommit() {
            self.connection.start_over()?;
        }
        fate
    }

    /// Numbers what the group recorded.
    fn append(&mut self, entries: Vec<NewEntry>) -> DbResult<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut tx = Tx {
            session: Session::new(Side::Sqlite(self.connection.clone())),
        };
        let appended = catch_unwind(AssertUnwindSafe(|| {
            self.group_end.append(&mut tx, entries).now_or_never()
        }));
        match appended {
            Ok(Some(appended)) => appended,
            Ok(None) => Err(DbError::Fault(
                "numbering awaited something other than its transaction".into(),
            )),
            Err(_) => Err(DbError::Panicked),
        }
    }

    fn lose(
        &mut self,
        cause: Cause,
        error: DbError,
        ran: Vec<Ran>,
        rest: std::vec::IntoIter<Box<dyn Unit>>,
    ) -> Lost {
        if !self.connection.is_autocommit() {
            let _ = self.connection.control("ROLLBACK");
        }
        self.group_end.rolled_back();
        Lost {
            error,
            units: ran.into_iter().map(|(unit, _)| unit).chain(rest).collect(),
            cause,
        }
    }
}

fn settle_all(lost: Lost) {
    tracing::error!(error = %lost.error, "a unit of work could not be committed");
    for unit in lost.units {
        unit.settle(Err(match lost.cause {
            Cause::Commit => DbError::OutcomeUnknown(lost.error.to_string()),
            Cause::Database | Cause::Undone => DbError::Unavailable(lost.error.to_string()),
        }));
    }
}
