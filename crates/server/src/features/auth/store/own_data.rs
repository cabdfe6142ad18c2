//! What the tables of accounts hold about one person, but for hashes and sealed secrets.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable, sql};
use uuid::Uuid;

/// Id, address, name, role, when it came into being.
pub(crate) type Account = (Uuid, String, Option<String>, String, Timestamp);
/// Id, device, ways of authentication, address, program, start, end, when it was revoked.
pub(crate) type Session = (
    Uuid,
    Option<Uuid>,
    String,
    Option<String>,
    Option<String>,
    Timestamp,
    Timestamp,
    Option<Timestamp>,
);
/// Id, name, scopes, start, end, last use, when it was revoked.
pub(crate) type SigningKey = (
    Uuid,
    String,
    String,
    Timestamp,
    Timestamp,
    Option<Timestamp>,
    Option<Timestamp>,
);

pub(crate) async fn account(on: &mut impl Queryable, user: UserId) -> DbResult<Account> {
    sql("SELECT id, email, name, role, created_at FROM users WHERE id = $1")
        .bind(user)
        .one(on)
        .await
}

/// Oldest first.
pub(crate) async fn sessions(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<Session>> {
    sql(
        "SELECT id, device_id, amr, ip, user_agent, created_at, expires_at, revoked_at FROM sessions
         WHERE user_id = $1 ORDER BY created_at, id",
    )
    .bind(user)
    .all(on)
    .await
}

/// Oldest first.
pub(crate) async fn signing_keys(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<SigningKey>> {
    sql(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM signing_keys
         WHERE owner_id = $1 ORDER BY created_at, id",
    )
    .bind(user)
    .all(on)
    .await
}
