//! Followers of the log: each reads the numbered entries in order from its own stored cursor, and may be stopped and
//! caught up at any time. A follower whose work lies outside the database moves its cursor once that is done, so it
//! happens at least once; one that only writes rows moves it in the same transaction, so that happens exactly once.

use std::{ops::Range, sync::Arc};

use stockade_platform::db::{DbResult, Queryable, Reader, Tx, sql};

use super::{
    actor::Actor,
    audit::{
        self,
        entries::{self, Entry},
    },
    bookkeeping::{bookkeep, bookkeep_on_record},
    change::Core,
    event::AuditEvent,
};

/// Looks how far the log has grown and wakes whoever follows it: one question for all of them.
pub async fn look_for_growth(core: &Core) -> DbResult<()> {
    let size = core
        .db
        .read(async |reader: &mut Reader| audit::size(reader).await)
        .await?;
    core.grown
        .send_if_modified(|seen| std::mem::replace(seen, size) != size);
    Ok(())
}

/// Entries read at once.
const BATCH: i64 = 200;

/// Where each follower stands: the number of the entry that it reads next.
pub async fn cursors(on: &mut impl Queryable) -> DbResult<Vec<(String, i64)>> {
    sql("SELECT name, next_seq FROM followers ORDER BY name")
        .all(on)
        .await
}

/// Where a follower stands.
pub async fn cursor(on: &mut impl Queryable, name: &'static str) -> DbResult<i64> {
    let cursor: Option<i64> = sql("SELECT next_seq FROM followers WHERE name = $1")
        .bind(name)
        .optional(on)
        .await?;
    Ok(cursor.unwrap_or(0))
}

/// What a follower has not read yet: a stretch of the log, and those of its entries that it asked for.
pub struct Unread {
    /// From its first number to the one after its last.
    pub stretch: Range<u64>,
    /// Opened.
    pub entries: Vec<Entry>,
}

impl Unread {
    /// How many entries were read, wanted or not.
    pub fn count(&self) -> usize {
        (self.stretch.end - self.stretch.start) as usize
    }
}

/// The next batch of a follower, with the entries of kinds that it wants; `None` at the end of the log. Work outside the
/// database, such as in shared state, is done and then said with [`pass`]; after a crash in between it meets the batch
/// again. Work inside goes through [`settle`].
pub async fn unread(
    core: &Arc<Core>,
    name: &'static str,
    wants: impl Fn(&str) -> bool + Send + 'static,
) -> DbResult<Option<Unread>> {
    let this = Arc::clone(core);
    core.db
        .read(async move |reader: &mut Reader| {
            let next = cursor(reader, name).await? as u64;
            let (stretch, entries) = entries::of_kinds(reader, &this.keys, next, BATCH, wants).await?;
            Ok((!stretch.is_empty()).then_some(Unread { stretch, entries }))
        })
        .await
}

/// Moves the cursor past a stretch, unless another instance has moved it further.
pub async fn pass(core: &Core, name: &'static str, stretch: Range<u64>) -> DbResult<()> {
    bookkeep(&core.db, async move |tx: &mut Tx| {
        sql("INSERT INTO followers (name, next_seq) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET next_seq = excluded.next_seq
             WHERE followers.next_seq < excluded.next_seq")
        .bind(name)
        .bind(stretch.end as i64)
        .run(tx)
        .await?;
        Ok(())
    })
    .await
}

/// Does a follower's work on a stretch of entries and moves the cursor past it, in one transaction. Answers false, and
/// does nothing, when the cursor is not at the beginning of the stretch: another instance was faster.
pub async fn settle<F>(core: &Core, name: &'static str, stretch: Range<u64>, work: F) -> DbResult<bool>
where
    F: AsyncFn(&mut Tx) -> DbResult<()> + Send + 'static,
{
    bookkeep(&core.db, async move |tx: &mut Tx| {
        if !take(tx, name, &stretch).await? {
            return Ok(false);
        }
        work(tx).await?;
        Ok(true)
    })
    .await
}

/// The same for work that is itself worth recording: the events that it answers go on record with it, in that
/// transaction. Without any, nothing is recorded.
pub async fn settle_on_record<F>(
    core: &Arc<Core>,
    name: &'static str,
    stretch: Range<u64>,
    work: F,
) -> DbResult<bool>
where
    F: AsyncFn(&mut Tx) -> DbResult<Vec<AuditEvent>> + Send + 'static,
{
    bookkeep_on_record(core, Actor::program(name), async move |tx: &mut Tx| {
        if !take(tx, name, &stretch).await? {
            return Ok((false, Vec::new()));
        }
        Ok((true, work(tx).await?))
    })
    .await
}

/// Sends a follower back to the beginning of the log, in the transaction that throws its work away.
pub async fn begin_again(tx: &mut Tx, name: &'static str) -> DbResult<()> {
    sql("DELETE FROM followers WHERE name = $1")
        .bind(name)
        .run(tx)
        .await?;
    Ok(())
}

/// Moves the cursor over a stretch; false when it is not at its beginning.
async fn take(tx: &mut Tx, name: &'static str, stretch: &Range<u64>) -> DbResult<bool> {
    let moved = sql("INSERT INTO followers (name, next_seq) VALUES ($1, $2)
                     ON CONFLICT (name) DO UPDATE SET next_seq = excluded.next_seq
                     WHERE followers.next_seq = $3")
    .bind(name)
    .bind(stretch.end as i64)
    .bind(stretch.start as i64)
    .run(tx)
    .await?;
    Ok(moved == 1)
}
