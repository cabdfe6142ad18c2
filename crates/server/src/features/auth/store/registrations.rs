//! `registrations`: asked for, not yet confirmed.

use jiff::Timestamp;
use stockade_domain::email::EmailAddress;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// Passwords that may be presented to one registration before its links are dead.
pub(crate) const MOST_TRIES: i64 = 5;
/// Links of one mail at most.
const MOST_LINKS: i64 = 5;

/// A registration that waits for its link to be confirmed.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) email: EmailAddress,
    pub(crate) name: Option<String>,
    pub(crate) password_hash: String,
}

impl FromRow for Registration {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            email: row.parse()?,
            name: row.read()?,
            password_hash: row.read()?,
        })
    }
}

/// Inserts a registration, which has no link yet.
pub(crate) fn insert(
    on: &mut impl Writable,
    id: Uuid,
    registration: &Registration,
    now: Timestamp,
    expires_at: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO registrations (id, email, name, password_hash, asked_at, tries, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6)",
    )
    .bind(id)
    .bind(registration.email.as_str())
    .bind(registration.name.as_deref())
    .bind(registration.password_hash.as_str())
    .bind(now)
    .bind(expires_at)
    .later(on)
}

/// Gives a registration its link, in place of the one before; false when the registration is gone or dead.
pub(crate) async fn set_link(
    on: &mut impl Writable,
    id: Uuid,
    token_hash: [u8; 32],
    expires_at: Timestamp,
) -> DbResult<bool> {
    let set = sql("UPDATE registrations SET token_hash = $2, expires_at = $3 WHERE id = $1 AND tries < $4")
        .bind(id)
        .bind(token_hash)
        .bind(expires_at)
        .bind(MOST_TRIES)
        .run(on)
        .await?;
    Ok(set == 1)
}

/// The registrations of an address since a moment whose links are not dead, newest first, with the time of each.
pub(crate) async fn pending(
    on: &mut impl Queryable,
    email: &EmailAddress,
    since: Timestamp,
) -> DbResult<Vec<(Uuid, Timestamp)>> {
    sql(
        "SELECT id, asked_at FROM registrations WHERE email = $1 AND asked_at > $2 AND tries < $3
         ORDER BY asked_at DESC, id DESC LIMIT $4",
    )
    .bind(email.as_str())
    .bind(since)
    .bind(MOST_TRIES)
    .bind(MOST_LINKS)
    .all(on)
    .await
}

/// Counts a try and answers what the presented password is to be compared with; `None` when the link is not or no
/// longer good. Counting comes first, so that tries at the same time are not more than tries one after the other.
pub(crate) async fn count_try(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<String>> {
    sql("UPDATE registrations SET tries = tries + 1
         WHERE token_hash = $1 AND expires_at > $2 AND tries < $3 RETURNING password_hash")
    .bind(token_hash)
    .bind(now)
    .bind(MOST_TRIES)
    .optional(on)
    .await
}

/// Takes the registration out: of two who present one token, one gets it.
pub(crate) async fn take(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<Registration>> {
    sql("DELETE FROM registrations WHERE token_hash = $1 AND expires_at > $2 RETURNING email, name, password_hash")
        .bind(token_hash)
        .bind(now)
        .optional(on)
        .await
}

/// Drops all registrations of an address.
pub(crate) fn drop_all(email: &EmailAddress) -> Query {
    sql("DELETE FROM registrations WHERE email = $1").bind(email.as_str())
}
