//! `signing_keys`, `nonces_even` and `nonces_odd`: keys that sign requests, and what each has signed lately.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, SigningKeyId, UserId};
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A key to be stored.
pub(crate) struct NewKey<'a> {
    pub(crate) id: SigningKeyId,
    pub(crate) owner: UserId,
    /// With it the key dies.
    pub(crate) session: Option<SessionId>,
    pub(crate) name: &'a str,
    pub(crate) scopes: &'a str,
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A key as requests are checked against.
pub(crate) struct StoredSecret {
    pub(crate) session: Option<SessionId>,
    pub(crate) scopes: String,
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for StoredSecret {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            session: row.read()?,
            scopes: row.read()?,
            sealed_secret: row.read()?,
            expires_at: row.read()?,
        })
    }
}

/// A key as its owner sees it.
pub(crate) struct StoredKey {
    pub(crate) id: SigningKeyId,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl FromRow for StoredKey {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            name: row.read()?,
            scopes: row.read()?,
            created_at: row.read()?,
            expires_at: row.read()?,
            last_used_at: row.read()?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, key: NewKey<'_>) -> DbResult<()> {
    sql("INSERT INTO signing_keys (id, owner_id, session_id, name, scopes, sealed_secret, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(key.id)
    .bind(key.owner)
    .bind(key.session)
    .bind(key.name)
    .bind(key.scopes)
    .bind(key.sealed_secret)
    .bind(key.created_at)
    .bind(key.expires_at)
    .later(on)
}

/// The secret of a person's living key.
pub(crate) async fn secret(
    on: &mut impl Queryable,
    owner: UserId,
    id: SigningKeyId,
    now: Timestamp,
) -> DbResult<Option<StoredSecret>> {
    sql(
        "SELECT session_id, scopes, sealed_secret, expires_at FROM signing_keys
         WHERE owner_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3",
    )
    .bind(owner)
    .bind(id)
    .bind(now)
    .optional(on)
    .await
}

/// A person's living keys, oldest first. Keys of sessions are not among them.
pub(crate) async fn of_owner(
    on: &mut impl Queryable,
    owner: UserId,
    now: Timestamp,
) -> DbResult<Vec<StoredKey>> {
    sql(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM signing_keys
         WHERE owner_id = $1 AND session_id IS NULL AND revoked_at IS NULL AND expires_at > $2
         ORDER BY created_at, id",
    )
    .bind(owner)
    .bind(now)
    .all(on)
    .await
}

/// Revokes a person's key; false when there is no such living key.
pub(crate) async fn revoke(
    on: &mut impl Writable,
    owner: UserId,
    id: SigningKeyId,
    now: Timestamp,
) -> DbResult<bool> {
    let revoked =
        sql("UPDATE signing_keys SET revoked_at = $3 WHERE owner_id = $1 AND id = $2 AND revoked_at IS NULL")
            .bind(owner)
            .bind(id)
            .bind(now)
            .run(on)
            .await?;
    Ok(revoked == 1)
}

/// Revokes the keys that live with a session.
pub(crate) fn revoke_of_session(on: &mut impl Writable, session: SessionId, now: Timestamp) -> DbResult<()> {
    sql("UPDATE signing_keys SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL")
        .bind(session)
        .bind(now)
        .later(on)
}

/// The ten minutes a nonce is filed under: as much as may lie between two timestamps that are accepted at one time.
pub(super) fn era(signed_at: Timestamp) -> i64 {
    signed_at.as_second().div_euclid(600)
}

/// Consumes a nonce: one row when it is new, its key still lives and its owner is not restricted, none otherwise. A
/// signature repeated is always of the same era, so that two at once collide; a nonce used for another signature is found in
/// the eras beside it, which lie in the other table.
pub(crate) fn consume_nonce(key: SigningKeyId, nonce: Uuid, signed_at: Timestamp, now: Timestamp) -> Query {
    macro_rules! consuming {
        ($own:literal, $other:literal) => {
            concat!(
                "INSERT INTO ",
                $own,
                " (era, key_id, nonce)
                 SELECT $2, id, $3 FROM signing_keys WHERE id = $1 AND revoked_at IS NULL AND expires_at > $4
                     AND NOT EXISTS (SELECT 1 FROM ",
                $other,
                " WHERE era = $5 AND key_id = $1 AND nonce = $3)
                     AND NOT EXISTS (SELECT 1 FROM ",
                $other,
                " WHERE era = $6 AND key_id = $1 AND nonce = $3)
                     AND NOT EXISTS
                         (SELECT 1 FROM users u WHERE u.id = signing_keys.owner_id AND u.restricted_at IS NOT NULL)
                 ON CONFLICT DO NOTHING"
            )
        };
    }
    let era = era(signed_at);
    let text = match era % 2 {
        0 => consuming!("nonces_even", "nonces_odd"),
        _ => consuming!("nonces_odd", "nonces_even"),
    };
    sql(text)
        .bind(key)
        .bind(era)
        .bind(nonce)
        .bind(now)
        .bind(era - 1)
        .bind(era + 1)
}

/// Moves a key's last use forward.
pub(crate) fn set_last_used(on: &mut impl Writable, id: SigningKeyId, at: Timestamp) -> DbResult<()> {
    sql("UPDATE signing_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)")
        .bind(id)
        .bind(at)
        .later(on)
}
