//! `passkey_ceremonies`: challenges that wait for the answer of an authenticator.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// Names a ceremony: what it is for, and the hash of what the client names it by.
pub(crate) type CeremonyKey = (&'static str, [u8; 32]);

/// A ceremony under way.
#[derive(Clone)]
pub(crate) struct Ceremony {
    pub(crate) id: Uuid,
    /// Whose it is; `None` while nobody has said who they are.
    pub(crate) user: Option<UserId>,
    /// The device that began, which alone may go on.
    pub(crate) device_hash: [u8; 32],
    /// What the answer is held against, as JSON. The challenge in it is no secret: the client has it.
    pub(crate) state: String,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for Ceremony {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            user: row.read()?,
            device_hash: row.read()?,
            state: row.read()?,
            expires_at: row.read()?,
        })
    }
}

/// Stores a ceremony in place of an earlier one with the same key.
pub(crate) fn put(
    on: &mut impl Writable,
    (purpose, token_hash): CeremonyKey,
    ceremony: &Ceremony,
) -> DbResult<()> {
    sql(
        "INSERT INTO passkey_ceremonies (purpose, token_hash, id, user_id, device_hash, state, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (purpose, token_hash) DO UPDATE SET
             id = excluded.id, user_id = excluded.user_id, device_hash = excluded.device_hash,
             state = excluded.state, expires_at = excluded.expires_at",
    )
    .bind(purpose)
    .bind(token_hash)
    .bind(ceremony.id)
    .bind(ceremony.user)
    .bind(ceremony.device_hash)
    .bind(ceremony.state.as_str())
    .bind(ceremony.expires_at)
    .later(on)
}

/// The living ceremony with this key.
pub(crate) async fn find(
    on: &mut impl Queryable,
    (purpose, token_hash): CeremonyKey,
    now: Timestamp,
) -> DbResult<Option<Ceremony>> {
    sql(
        "SELECT id, user_id, device_hash, state, expires_at FROM passkey_ceremonies
         WHERE purpose = $1 AND token_hash = $2 AND expires_at > $3",
    )
    .bind(purpose)
    .bind(token_hash)
    .bind(now)
    .optional(on)
    .await
}

/// Takes out the very ceremony that was found; of two who answer it at once, one is heard.
pub(crate) async fn take(
    on: &mut impl Writable,
    (purpose, token_hash): CeremonyKey,
    id: Uuid,
) -> DbResult<bool> {
    let taken = sql("DELETE FROM passkey_ceremonies WHERE purpose = $1 AND token_hash = $2 AND id = $3")
        .bind(purpose)
        .bind(token_hash)
        .bind(id)
        .run(on)
        .await?;
    Ok(taken == 1)
}
