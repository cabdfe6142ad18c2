//! `registrations`: asked for, not yet confirmed.

use jiff::Timestamp;
use stockade_domain::email::EmailAddress;
use stockade_platform::db::{DbResult, FromRow, Query, Row, Writable, sql};

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

pub(crate) fn insert(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    registration: &Registration,
    expires_at: Timestamp,
) -> DbResult<()> {
    sql("INSERT INTO registrations (token_hash, email, name, password_hash, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(token_hash)
        .bind(registration.email.as_str())
        .bind(registration.name.as_deref())
        .bind(registration.password_hash.as_str())
        .bind(expires_at)
        .later(on)
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
