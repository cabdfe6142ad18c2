//! What the seam runs: units of work, and the numbering of what they recorded.

use auditlog::NewEntry;
use futures_util::future::LocalBoxFuture;

use super::{
    error::{DbError, DbResult},
    query::Query,
    session::Tx,
};

/// One unit of work, ready to run on a transaction. It owns nothing that it consumes, because it may run again after
/// a serialisation failure or when its group was lost.
///
/// Inside a unit only the transaction is awaited: no HTTP, no mail, no Redis, no password hashing. On SQLite a
/// future that is not ready at once is a fault.
pub trait Unit: Send {
    /// Runs the body once.
    fn attempt<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict>;
    /// Called exactly once, when the transaction has ended and the disk has it: `Ok` when the verdict was carried out.
    fn settle(self: Box<Self>, fate: DbResult<()>);
}

/// What a unit wants done with its transaction.
pub enum Verdict {
    /// Keep the effects, together with these entries of the audit log.
    Commit(Vec<NewEntry>),
    /// Keep the effects of bookkeeping that is itself derived from the log or needs no record: cursors, leases, outbox.
    CommitUnrecorded,
    /// Undo everything; the unit has its own answer.
    RollBack,
    /// Undo everything, because the database failed; a serialisation failure runs the unit again.
    Failed(DbError),
}

/// How entries of a committed unit reach the audit log.
pub struct Recording {
    /// PostgreSQL: the statement that puts entries into the inbox, in the unit's own transaction.
    pub inbox: fn(&[NewEntry]) -> Query,
    /// SQLite: numbers and appends the entries of a group at its end.
    pub group_end: Box<dyn GroupEnd>,
}

/// Numbers what a group of units recorded, inside the group's transaction.
pub trait GroupEnd: Send {
    /// Appends the entries to the log, in this order.
    fn append<'a>(&'a mut self, tx: &'a mut Tx, entries: Vec<NewEntry>) -> LocalBoxFuture<'a, DbResult<()>>;
    /// The group's transaction committed.
    fn committed(&mut self);
    /// The group's transaction was lost: forget what `append` did.
    fn rolled_back(&mut self);
}
