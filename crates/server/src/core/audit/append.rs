//! Numbering, on both databases the same: restore the end of the log if need be, number and hash the batch, move the
//! head by compare-and-swap, store entries and full tiles. SQLite does it at the end of each group, PostgreSQL's
//! sequencer for each batch it takes from the inbox.

use auditlog::{Appender, NewEntry, tile};
use futures_util::future::LocalBoxFuture;
use stockade_platform::{
    clock::Clock,
    db::{DbError, DbResult, GroupEnd, Queryable, Recording, Tx},
};

use super::{nodes, store};

/// How committed entries reach the log.
pub fn recording(clock: Clock) -> Recording {
    Recording {
        inbox: store::insert_into_inbox,
        group_end: Box::new(GroupNumbering {
            log: LogEnd::new(clock),
            staged: None,
        }),
    }
}

/// The end of the log, as this process last saw it.
#[derive(Clone)]
pub(super) struct LogEnd {
    clock: Clock,
    appender: Option<Appender>,
}

impl LogEnd {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            appender: None,
        }
    }

    /// Appends a batch inside `tx` and answers the end of the log to keep once `tx` has committed. `None` when a
    /// newer epoch has fenced this one out.
    pub(super) async fn append(
        &self,
        tx: &mut Tx,
        epoch: i64,
        batch: Vec<NewEntry>,
    ) -> DbResult<Option<Appender>> {
        let mut appender = match &self.appender {
            Some(appender) if self.is_current(tx, appender).await? => appender.clone(),
            _ => restore(tx).await?,
        };
        let before = appender.head();
        let numbered = appender.number(self.clock.now().as_microsecond(), batch);
        if !store::move_head(tx, epoch, &before, &appender.head()).await? {
            return Ok(None);
        }
        store::insert_entries(tx, &numbered.entries)?;
        for tile in &numbered.tiles {
            store::insert_tile(tx, tile)?;
        }
        Ok(Some(appender))
    }

    pub(super) fn keep(&mut self, appender: Appender) {
        self.appender = Some(appender);
    }

    pub(super) fn forget(&mut self) {
        self.appender = None;
    }

    /// Another process (a command beside the server, another instance) may have appended meanwhile.
    async fn is_current(&self, tx: &mut Tx, appender: &Appender) -> DbResult<bool> {
        let (stored, known) = (store::head(tx).await?, appender.head());
        Ok(stored.size as u64 == known.size && stored.has_root(&known))
    }
}

/// Reads the end of the log back from what is stored.
pub(super) async fn restore(on: &mut impl Queryable) -> DbResult<Appender> {
    let head = store::head(on).await?;
    let size = head.size as u64;
    let last = store::leaves(on, head.size - 1, 1)
        .await?
        .pop()
        .map(|stored| stored.leaf);
    let mut partial = Vec::new();
    for (id, _) in tile::partial_tiles(size) {
        partial.push(nodes::tile(on, id, size).await?);
    }
    let appender = Appender::restore(size, last.as_deref(), partial).map_err(|error| {
        DbError::Fault(format!(
            "the audit log is damaged: {error}; run `stockade audit verify`"
        ))
    })?;
    if !head.has_root(&appender.head()) {
        return Err(DbError::Fault(
            "the audit log is damaged: its end does not give its root; run `stockade audit verify`".into(),
        ));
    }
    Ok(appender)
}

/// SQLite: the writer is the only one who numbers.
struct GroupNumbering {
    log: LogEnd,
    staged: Option<Appender>,
}

impl GroupEnd for GroupNumbering {
    fn append<'a>(&'a mut self, tx: &'a mut Tx, entries: Vec<NewEntry>) -> LocalBoxFuture<'a, DbResult<()>> {
        Box::pin(async move {
            let appended = self.log.append(tx, 0, entries).await?;
            self.staged = Some(
                appended
                    .ok_or_else(|| DbError::Fault("the head of the log moved under the writer".into()))?,
            );
            Ok(())
        })
    }

    fn committed(&mut self) {
        if let Some(appender) = self.staged.take() {
            self.log.keep(appender);
        }
    }

    fn rolled_back(&mut self) {
        self.staged = None;
        self.log.forget();
    }
}
