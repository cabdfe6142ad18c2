//! Leases: work that one instance at a time does. A lease that is not renewed passes to whoever asks next; its epoch
//! grows with each holder, so that a stale holder's writes can be told and refused.

use jiff::{SignedDuration, Timestamp};
use stockade_platform::db::{DbResult, Tx, sql};
use uuid::Uuid;

/// How long a lease lasts without being renewed.
pub const LIFE: SignedDuration = SignedDuration::from_secs(10);

/// Takes or renews a lease and answers its epoch, or `None` while somebody else holds it.
pub async fn hold(tx: &mut Tx, name: &'static str, holder: Uuid, now: Timestamp) -> DbResult<Option<i64>> {
    sql(
        "INSERT INTO leases (name, holder, epoch, until) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO UPDATE SET
             holder = excluded.holder,
             until = excluded.until,
             epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE leases.holder = excluded.holder OR leases.until < $4
         RETURNING epoch",
    )
    .bind(name)
    .bind(holder)
    .bind(now + LIFE)
    .bind(now)
    .optional(tx)
    .await
}

/// Marks leases that ended by this time as having ended long ago, so that somebody whose clock lies behind can take them.
pub async fn end_old(tx: &mut Tx, before: Timestamp) -> DbResult<()> {
    sql("UPDATE leases SET until = $1 WHERE until < $2")
        .bind(Timestamp::UNIX_EPOCH)
        .bind(before)
        .run(tx)
        .await?;
    Ok(())
}

/// Gives a lease up, so that the next holder need not wait for its end.
pub async fn release(tx: &mut Tx, name: &'static str, holder: Uuid, now: Timestamp) -> DbResult<()> {
    sql("UPDATE leases SET until = $3 WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .bind(now - SignedDuration::from_secs(1))
        .run(tx)
        .await?;
    Ok(())
}
