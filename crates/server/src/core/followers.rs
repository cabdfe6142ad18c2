//! Followers of the log: each reads the numbered entries in order from its own stored cursor, and may be stopped and
//! caught up at any time. A follower moves its cursor once its work is done, so its work happens at least once.

use std::sync::Arc;

use stockade_platform::db::{DbResult, Reader, Tx, sql};

use super::{
    audit::entries::{self, Entry},
    bookkeeping::bookkeep,
    change::Core,
};

/// Entries read at once.
const BATCH: i64 = 200;

/// The next batch of a follower whose work lies outside the database, such as in shared state. It does its work, then
/// says so with [`pass`]; after a crash in between it meets the batch again.
pub async fn unread(core: &Arc<Core>, name: &'static str) -> DbResult<Vec<Entry>> {
    let this = Arc::clone(core);
    core.db
        .read(async move |reader: &mut Reader| {
            let cursor: Option<i64> = sql("SELECT next_seq FROM followers WHERE name = $1")
                .bind(name)
                .optional(reader)
                .await?;
            entries::from(reader, &this.keys, cursor.unwrap_or(0) as u64, BATCH).await
        })
        .await
}

/// Moves the cursor past the entry with this number, unless another instance has moved it further.
pub async fn pass(core: &Core, name: &'static str, seq: u64) -> DbResult<()> {
    bookkeep(&core.db, async move |tx: &mut Tx| {
        sql("INSERT INTO followers (name, next_seq) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET next_seq = excluded.next_seq
             WHERE followers.next_seq < excluded.next_seq")
        .bind(name)
        .bind(seq as i64 + 1)
        .run(tx)
        .await?;
        Ok(())
    })
    .await
}
