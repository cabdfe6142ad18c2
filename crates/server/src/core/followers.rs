//! Followers of the log: each reads the numbered entries in order from its own stored cursor, does its work in the
//! transaction that moves the cursor, and may be stopped and caught up at any time. Delivery to the outside is
//! therefore at least once; tables of its own change exactly once.

use futures_util::future::LocalBoxFuture;
use stockade_platform::db::{Db, DbResult, Tx, sql};

use super::{
    audit::entries::{self, Entry},
    bookkeeping::bookkeep,
    keys::DataKeys,
};

/// Entries read at once.
const BATCH: i64 = 200;

/// Something that reads the log.
pub trait Follower: Send + Sync + 'static {
    /// Names the stored cursor.
    fn name(&self) -> &'static str;
    /// Handles entries in order, inside the transaction that moves the cursor past them.
    fn follow<'a>(&'a self, tx: &'a mut Tx, entries: &'a [Entry]) -> LocalBoxFuture<'a, DbResult<()>>;
}

/// Lets a follower read one batch; answers how many entries it handled.
pub async fn advance(
    db: &Db,
    keys: &std::sync::Arc<DataKeys>,
    follower: &std::sync::Arc<dyn Follower>,
) -> DbResult<usize> {
    let (follower, keys) = (std::sync::Arc::clone(follower), std::sync::Arc::clone(keys));
    bookkeep(db, async move |tx: &mut Tx| {
        let cursor: Option<i64> = sql("SELECT next_seq FROM followers WHERE name = $1")
            .bind(follower.name())
            .for_update()
            .optional(tx)
            .await?;
        let entries = entries::from(tx, &keys, cursor.unwrap_or(0) as u64, BATCH).await?;
        let Some(last) = entries.last() else { return Ok(0) };
        follower.follow(tx, &entries).await?;
        sql("INSERT INTO followers (name, next_seq) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET next_seq = excluded.next_seq")
        .bind(follower.name())
        .bind(last.seq as i64 + 1)
        .run(tx)
        .await?;
        Ok(entries.len())
    })
    .await
}
