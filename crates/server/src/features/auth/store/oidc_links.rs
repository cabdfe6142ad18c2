//! `oidc_links`: whose account at a provider is whose here.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A link as its owner sees it.
pub(crate) struct Link {
    pub(crate) provider: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl FromRow for Link {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            provider: row.read()?,
            created_at: row.read()?,
            last_used_at: row.read()?,
        })
    }
}

/// Whom somebody at a provider is here.
pub(crate) async fn owner(on: &mut impl Queryable, subject_hash: [u8; 32]) -> DbResult<Option<UserId>> {
    sql("SELECT user_id FROM oidc_links WHERE subject_hash = $1")
        .bind(subject_hash)
        .optional(on)
        .await
}

/// Links; false when the person has another account of this provider, or somebody else has this one.
pub(crate) async fn insert(
    on: &mut impl Writable,
    user: UserId,
    provider: &str,
    subject_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<bool> {
    let inserted = sql(
        "INSERT INTO oidc_links (user_id, provider, subject_hash, created_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(user)
    .bind(provider)
    .bind(subject_hash)
    .bind(now)
    .run(on)
    .await?;
    Ok(inserted == 1)
}

/// Notes that a link was used; false when it is gone.
pub(crate) async fn touch(
    on: &mut impl Writable,
    user: UserId,
    subject_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<bool> {
    let touched = sql("UPDATE oidc_links SET last_used_at = $3 WHERE user_id = $1 AND subject_hash = $2")
        .bind(user)
        .bind(subject_hash)
        .bind(now)
        .run(on)
        .await?;
    Ok(touched == 1)
}

pub(crate) async fn of_owner(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<Link>> {
    sql("SELECT provider, created_at, last_used_at FROM oidc_links WHERE user_id = $1 ORDER BY provider")
        .bind(user)
        .all(on)
        .await
}

/// Takes a link away; false when there is none.
pub(crate) async fn delete(on: &mut impl Writable, user: UserId, provider: &str) -> DbResult<bool> {
    let deleted = sql("DELETE FROM oidc_links WHERE user_id = $1 AND provider = $2")
        .bind(user)
        .bind(provider)
        .run(on)
        .await?;
    Ok(deleted == 1)
}
