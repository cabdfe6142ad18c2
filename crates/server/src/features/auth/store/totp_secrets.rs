//! `totp_secrets`: authenticator apps, one a person.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A person's secret, sealed.
pub(crate) struct StoredTotp {
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) active: bool,
}

impl FromRow for StoredTotp {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            sealed_secret: row.read()?,
            active: row.read::<Option<Timestamp>>()?.is_some(),
        })
    }
}

pub(crate) async fn of(on: &mut impl Queryable, user: UserId) -> DbResult<Option<StoredTotp>> {
    sql("SELECT sealed_secret, activated_at FROM totp_secrets WHERE user_id = $1")
        .bind(user)
        .optional(on)
        .await
}

pub(crate) async fn is_active(on: &mut impl Queryable, user: UserId) -> DbResult<bool> {
    Ok(of(on, user).await?.is_some_and(|totp| totp.active))
}

/// Stores a secret that is yet to be verified, in place of an earlier one that never was; false when one is active.
pub(crate) async fn put_pending(
    on: &mut impl Writable,
    user: UserId,
    sealed_secret: Vec<u8>,
    now: Timestamp,
) -> DbResult<bool> {
    let stored = sql(
        "INSERT INTO totp_secrets (user_id, sealed_secret, created_at, last_step) VALUES ($1, $2, $3, 0)
         ON CONFLICT (user_id) DO UPDATE SET
             sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = 0
         WHERE totp_secrets.activated_at IS NULL",
    )
    .bind(user)
    .bind(sealed_secret)
    .bind(now)
    .run(on)
    .await?;
    Ok(stored == 1)
}

pub(crate) fn activate(on: &mut impl Writable, user: UserId, now: Timestamp) -> DbResult<()> {
    sql("UPDATE totp_secrets SET activated_at = $2 WHERE user_id = $1 AND activated_at IS NULL")
        .bind(user)
        .bind(now)
        .later(on)
}

/// Moves the newest accepted step forward; false when this step, or a later one, was accepted before
/// (RFC 6238 §5.2).
pub(crate) async fn use_step(on: &mut impl Writable, user: UserId, step: i64) -> DbResult<bool> {
    let moved = sql("UPDATE totp_secrets SET last_step = $2 WHERE user_id = $1 AND last_step < $2")
        .bind(user)
        .bind(step)
        .run(on)
        .await?;
    Ok(moved == 1)
}

pub(crate) fn delete(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM totp_secrets WHERE user_id = $1")
        .bind(user)
        .later(on)
}
