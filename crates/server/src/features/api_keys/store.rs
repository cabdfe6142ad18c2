//! `api_keys`: the only SQL that names it.

use jiff::Timestamp;
use stockade_domain::{
    ids::{ApiKeyId, UserId},
    key_scopes::KeyScopes,
};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A key to be stored.
pub(super) struct NewRow<'a> {
    pub(super) id: ApiKeyId,
    pub(super) owner: UserId,
    pub(super) secret_hash: [u8; 32],
    pub(super) hint: &'a str,
    pub(super) name: &'a str,
    pub(super) scopes: KeyScopes,
    pub(super) networks: &'a str,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// A key as its owner sees it.
pub(super) struct StoredKey {
    pub(super) id: ApiKeyId,
    pub(super) hint: String,
    pub(super) name: String,
    pub(super) scopes: KeyScopes,
    pub(super) networks: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) revoked_at: Option<Timestamp>,
}

impl FromRow for StoredKey {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            hint: row.read()?,
            name: row.read()?,
            scopes: row.parse()?,
            networks: row.read()?,
            created_at: row.read()?,
            expires_at: row.read()?,
            last_used_at: row.read()?,
            revoked_at: row.read()?,
        })
    }
}

/// A key as it is checked against.
pub(super) struct Presented {
    pub(super) id: ApiKeyId,
    pub(super) owner: UserId,
    pub(super) secret_hash: [u8; 32],
    pub(super) scopes: KeyScopes,
    pub(super) networks: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) revoked: bool,
}

impl FromRow for Presented {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            owner: row.read()?,
            secret_hash: row.read()?,
            scopes: row.parse()?,
            networks: row.read()?,
            created_at: row.read()?,
            expires_at: row.read()?,
            revoked: row.read::<Option<Timestamp>>()?.is_some(),
        })
    }
}

pub(super) fn insert(on: &mut impl Writable, key: &NewRow<'_>) -> DbResult<()> {
    sql("INSERT INTO api_keys
             (id, owner_id, secret_hash, hint, name, scopes, networks, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(key.id)
    .bind(key.owner)
    .bind(key.secret_hash)
    .bind(key.hint)
    .bind(key.name)
    .bind(key.scopes.to_string())
    .bind(key.networks)
    .bind(key.created_at)
    .bind(key.expires_at)
    .later(on)
}

/// The key with this hash. The one look-up that does not start from its owner, because the hash tells who that is.
pub(super) async fn presented(on: &mut impl Queryable, secret_hash: [u8; 32]) -> DbResult<Option<Presented>> {
    sql(
        "SELECT id, owner_id, secret_hash, scopes, networks, created_at, expires_at, revoked_at
         FROM api_keys WHERE secret_hash = $1",
    )
    .bind(secret_hash)
    .optional(on)
    .await
}

/// Whether a person's key still lives.
pub(super) async fn lives(
    on: &mut impl Queryable,
    owner: UserId,
    id: ApiKeyId,
    now: Timestamp,
) -> DbResult<bool> {
    let found: Option<i64> = sql(
        "SELECT CAST(1 AS BIGINT) FROM api_keys WHERE owner_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3",
    )
    .bind(owner)
    .bind(id)
    .bind(now)
    .optional(on)
    .await?;
    Ok(found.is_some())
}

/// Keeps a person's keys as they are until the unit ends, so that of two that count them one waits.
pub(super) async fn lock_all(on: &mut impl Queryable, owner: UserId) -> DbResult<()> {
    let _: Vec<(ApiKeyId,)> = sql("SELECT id FROM api_keys WHERE owner_id = $1 ORDER BY id")
        .bind(owner)
        .for_update()
        .all(on)
        .await?;
    Ok(())
}

/// A person's keys, oldest first, revoked and expired ones included.
pub(super) async fn of_owner(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<StoredKey>> {
    sql(
        "SELECT id, hint, name, scopes, networks, created_at, expires_at, last_used_at, revoked_at
         FROM api_keys WHERE owner_id = $1 ORDER BY created_at, id",
    )
    .bind(owner)
    .all(on)
    .await
}

/// Revokes a person's key; false when there is no such living key.
pub(super) async fn revoke(
    on: &mut impl Writable,
    owner: UserId,
    id: ApiKeyId,
    now: Timestamp,
) -> DbResult<bool> {
    let revoked =
        sql("UPDATE api_keys SET revoked_at = $3 WHERE owner_id = $1 AND id = $2 AND revoked_at IS NULL")
            .bind(owner)
            .bind(id)
            .bind(now)
            .run(on)
            .await?;
    Ok(revoked == 1)
}

/// Revokes what still lives of a person's keys and takes away what they wrote on all of them. The rows stay, so that
/// whoever reads revocations anew finds them.
pub(super) async fn forget(on: &mut impl Writable, owner: UserId, now: Timestamp) -> DbResult<Vec<ApiKeyId>> {
    sql("UPDATE api_keys SET name = '', networks = '' WHERE owner_id = $1")
        .bind(owner)
        .later(on)?;
    sql("UPDATE api_keys SET revoked_at = $2 WHERE owner_id = $1 AND revoked_at IS NULL RETURNING id")
        .bind(owner)
        .bind(now)
        .all(on)
        .await
}

/// Revokes what still lives of the keys that a person's account made since an instant.
pub(super) async fn revoke_made_since(
    on: &mut impl Writable,
    owner: UserId,
    since: Timestamp,
    now: Timestamp,
) -> DbResult<Vec<ApiKeyId>> {
    sql("UPDATE api_keys SET revoked_at = $3
         WHERE owner_id = $1 AND created_at >= $2 AND revoked_at IS NULL RETURNING id")
    .bind(owner)
    .bind(since)
    .bind(now)
    .all(on)
    .await
}

pub(super) async fn revoked(
    on: &mut impl Queryable,
    from: Timestamp,
    until: Timestamp,
) -> DbResult<Vec<ApiKeyId>> {
    sql("SELECT id FROM api_keys WHERE revoked_at IS NOT NULL AND revoked_at >= $1 AND revoked_at <= $2")
        .bind(from)
        .bind(until)
        .all(on)
        .await
}

/// Moves a key's last use forward.
pub(super) fn set_last_used(on: &mut impl Writable, id: ApiKeyId, at: Timestamp) -> DbResult<()> {
    sql("UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)")
        .bind(id)
        .bind(at)
        .later(on)
}
