//! `passkeys` and `passkey_handles`: keys that people sign in with, and what authenticators know a person by.

use jiff::Timestamp;
use stockade_domain::ids::{PasskeyId, UserId};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A passkey to be.
pub(crate) struct NewPasskey<'a> {
    pub(crate) id: PasskeyId,
    pub(crate) owner: UserId,
    pub(crate) credential_id: &'a [u8],
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
}

/// A passkey with its sealed details.
#[derive(Clone)]
pub(crate) struct StoredPasskey {
    pub(crate) id: PasskeyId,
    pub(crate) owner: UserId,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl FromRow for StoredPasskey {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            owner: row.read()?,
            credential_id: row.read()?,
            sealed: row.read()?,
            created_at: row.read()?,
            last_used_at: row.read()?,
        })
    }
}

/// Inserts a passkey; false when somebody has this credential.
pub(crate) async fn insert(on: &mut impl Writable, passkey: &NewPasskey<'_>) -> DbResult<bool> {
    let inserted = sql(
        "INSERT INTO passkeys (id, user_id, credential_id, sealed, sign_count, created_at)
         VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (credential_id) DO NOTHING",
    )
    .bind(passkey.id)
    .bind(passkey.owner)
    .bind(passkey.credential_id)
    .bind(passkey.sealed.as_slice())
    .bind(passkey.created_at)
    .run(on)
    .await?;
    Ok(inserted == 1)
}

/// A person's passkeys, oldest first.
pub(crate) async fn of_owner(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<StoredPasskey>> {
    sql(
        "SELECT id, user_id, credential_id, sealed, created_at, last_used_at FROM passkeys
         WHERE user_id = $1 ORDER BY created_at, id",
    )
    .bind(owner)
    .all(on)
    .await
}

/// One passkey of a person.
pub(crate) async fn one(
    on: &mut impl Queryable,
    owner: UserId,
    id: PasskeyId,
) -> DbResult<Option<StoredPasskey>> {
    sql(
        "SELECT id, user_id, credential_id, sealed, created_at, last_used_at FROM passkeys
         WHERE user_id = $1 AND id = $2",
    )
    .bind(owner)
    .bind(id)
    .optional(on)
    .await
}

/// The passkey that a signature says it comes from. Whose it is, only the row tells.
pub(crate) async fn by_credential(
    on: &mut impl Queryable,
    credential_id: &[u8],
) -> DbResult<Option<StoredPasskey>> {
    sql(
        "SELECT id, user_id, credential_id, sealed, created_at, last_used_at FROM passkeys
         WHERE credential_id = $1",
    )
    .bind(credential_id)
    .optional(on)
    .await
}

pub(crate) async fn count(on: &mut impl Queryable, owner: UserId) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM passkeys WHERE user_id = $1")
        .bind(owner)
        .one(on)
        .await
}

pub(crate) fn set_sealed(
    on: &mut impl Writable,
    owner: UserId,
    id: PasskeyId,
    sealed: Vec<u8>,
) -> DbResult<()> {
    sql("UPDATE passkeys SET sealed = $3 WHERE user_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .bind(sealed)
        .later(on)
}

/// Notes a use; false when the signature's count is not above the highest before it. An authenticator that does not
/// count always says zero (WebAuthn §7.2, on `signCount`).
pub(crate) async fn used(
    on: &mut impl Writable,
    (owner, id): (UserId, PasskeyId),
    sign_count: i64,
    now: Timestamp,
) -> DbResult<bool> {
    let moved = sql("UPDATE passkeys SET sign_count = $3, last_used_at = $4
         WHERE user_id = $1 AND id = $2 AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))")
    .bind(owner)
    .bind(id)
    .bind(sign_count)
    .bind(now)
    .run(on)
    .await?;
    Ok(moved == 1)
}

/// Removes a passkey; false when the person has none with this id.
pub(crate) async fn delete(on: &mut impl Writable, owner: UserId, id: PasskeyId) -> DbResult<bool> {
    let deleted = sql("DELETE FROM passkeys WHERE user_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .run(on)
        .await?;
    Ok(deleted == 1)
}

pub(crate) async fn handle(on: &mut impl Queryable, owner: UserId) -> DbResult<Option<Uuid>> {
    sql("SELECT handle FROM passkey_handles WHERE user_id = $1")
        .bind(owner)
        .optional(on)
        .await
}

/// Gives a person a handle. The caller holds the lock on their row and has seen that there is none.
pub(crate) fn set_handle(on: &mut impl Writable, owner: UserId, handle: Uuid) -> DbResult<()> {
    sql("INSERT INTO passkey_handles (user_id, handle) VALUES ($1, $2)")
        .bind(owner)
        .bind(handle)
        .later(on)
}
