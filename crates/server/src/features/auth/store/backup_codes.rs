//! `backup_codes`: keyed hashes of codes that each open once.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{Bind, DbResult, Queryable, Writable, insert_many, sql};

/// Stores new codes in place of all earlier ones.
pub(crate) async fn replace(on: &mut impl Writable, user: UserId, hashes: &[[u8; 32]]) -> DbResult<()> {
    delete(on, user)?;
    let rows = hashes.iter().map(|hash| vec![user.value(), (*hash).value()]);
    insert_many("INSERT INTO backup_codes (user_id, code_hash) VALUES", 2, rows).later(on)
}

/// Uses a code up; false when there is no such code or it was used before.
pub(crate) async fn take(
    on: &mut impl Writable,
    user: UserId,
    hash: [u8; 32],
    now: Timestamp,
) -> DbResult<bool> {
    let used =
        sql("UPDATE backup_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL")
            .bind(user)
            .bind(hash)
            .bind(now)
            .run(on)
            .await?;
    Ok(used == 1)
}

/// How many are left.
pub(crate) async fn left(on: &mut impl Queryable, user: UserId) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM backup_codes WHERE user_id = $1 AND used_at IS NULL")
        .bind(user)
        .one(on)
        .await
}

pub(crate) fn delete(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM backup_codes WHERE user_id = $1")
        .bind(user)
        .later(on)
}
