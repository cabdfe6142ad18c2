//! `sign_in_challenges`: sign-ins that wait for their second factor.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A sign-in whose first factor was right.
#[derive(Clone)]
pub(crate) struct Challenge {
    pub(crate) user: UserId,
    /// The device that began, which alone may go on.
    pub(crate) device_hash: [u8; 32],
    /// What the device said of itself, as JSON.
    pub(crate) device: Option<String>,
    /// What was proven so far (RFC 8176).
    pub(crate) amr: String,
    pub(crate) expires_at: Timestamp,
    /// What the code that was mailed for it comes to under a keyed hash.
    pub(crate) mailed_code_hash: Option<[u8; 32]>,
    /// Failures on the account before it began.
    pub(crate) failures: i64,
}

impl FromRow for Challenge {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            user: row.read()?,
            device_hash: row.read()?,
            device: row.read()?,
            amr: row.read()?,
            expires_at: row.read()?,
            mailed_code_hash: row.read()?,
            failures: row.read()?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, token_hash: [u8; 32], challenge: &Challenge) -> DbResult<()> {
    sql("INSERT INTO sign_in_challenges
             (token_hash, user_id, device_hash, device, amr, expires_at, mailed_code_hash, failures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(token_hash)
    .bind(challenge.user)
    .bind(challenge.device_hash)
    .bind(challenge.device.as_deref())
    .bind(challenge.amr.as_str())
    .bind(challenge.expires_at)
    .bind(challenge.mailed_code_hash)
    .bind(challenge.failures)
    .later(on)
}

/// The living challenge with this token.
pub(crate) async fn find(
    on: &mut impl Queryable,
    token_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<Challenge>> {
    sql(
        "SELECT user_id, device_hash, device, amr, expires_at, mailed_code_hash, failures FROM sign_in_challenges
         WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .optional(on)
    .await
}

/// How many of a person's sign-ins wait for a mailed code.
pub(crate) async fn waiting_for_mail(on: &mut impl Queryable, user: UserId, now: Timestamp) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM sign_in_challenges
         WHERE user_id = $1 AND mailed_code_hash IS NOT NULL AND expires_at > $2")
    .bind(user)
    .bind(now)
    .one(on)
    .await
}

/// Takes a challenge out: of two who meet it at once, one signs in.
pub(crate) async fn take(on: &mut impl Writable, token_hash: [u8; 32]) -> DbResult<bool> {
    let taken = sql("DELETE FROM sign_in_challenges WHERE token_hash = $1")
        .bind(token_hash)
        .run(on)
        .await?;
    Ok(taken == 1)
}
