//! `mail_links`: links mailed to people who have an account, one a person and purpose. Only hashes are stored.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};

use crate::features::auth::mail_purpose::MailPurpose;

/// Whose link it is, and what it carries.
pub(crate) struct Linked {
    pub(crate) user: UserId,
    /// The address to be, when that is what the link is for.
    pub(crate) new_email: Option<String>,
}

impl FromRow for Linked {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            user: row.read()?,
            new_email: row.read()?,
        })
    }
}

/// Stores a link in place of the person's one before for that purpose.
pub(crate) fn put(
    on: &mut impl Writable,
    user: UserId,
    purpose: MailPurpose,
    token_hash: [u8; 32],
    new_email: Option<&str>,
    expires_at: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO mail_links (user_id, purpose, token_hash, new_email, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, purpose) DO UPDATE SET token_hash = excluded.token_hash,
             new_email = excluded.new_email, expires_at = excluded.expires_at, used_at = NULL",
    )
    .bind(user)
    .bind(purpose.as_str())
    .bind(token_hash)
    .bind(new_email)
    .bind(expires_at)
    .later(on)
}

/// Whose living link this is.
pub(crate) async fn holder(
    on: &mut impl Queryable,
    token_hash: [u8; 32],
    purpose: MailPurpose,
    now: Timestamp,
) -> DbResult<Option<UserId>> {
    sql("SELECT user_id FROM mail_links
         WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3")
    .bind(token_hash)
    .bind(purpose.as_str())
    .bind(now)
    .optional(on)
    .await
}

/// Uses a link up: of two who present it, one gets it.
pub(crate) async fn consume(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    purpose: MailPurpose,
    now: Timestamp,
) -> DbResult<Option<Linked>> {
    sql("UPDATE mail_links SET used_at = $3
         WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
         RETURNING user_id, new_email")
    .bind(token_hash)
    .bind(purpose.as_str())
    .bind(now)
    .optional(on)
    .await
}

/// Voids the links of a person that somebody may have asked for. The one that opens the account to new devices is sent
/// unasked, and lets nobody in: without it its owner would have no way back.
pub(crate) fn void_asked_for(user: UserId) -> Query {
    sql("DELETE FROM mail_links WHERE user_id = $1 AND purpose <> $2")
        .bind(user)
        .bind(MailPurpose::ConfirmSignIns.as_str())
}

/// Voids all links of a person.
pub(crate) fn void_all(user: UserId) -> Query {
    sql("DELETE FROM mail_links WHERE user_id = $1").bind(user)
}
