//! The only SQL that names `mail_outbox`.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Tx, Writable, sql};
use uuid::Uuid;

use super::letter::Letter;

/// A mail whose turn it is.
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) created_at: Timestamp,
    /// This try included.
    pub(super) tries: i64,
}

impl FromRow for Waiting {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            recipient: row.read()?,
            subject: row.read()?,
            text: row.read()?,
            html: row.read()?,
            created_at: row.read()?,
            tries: row.read()?,
        })
    }
}

pub(super) fn insert(on: &mut impl Writable, id: Uuid, letter: &Letter, now: Timestamp) -> DbResult<()> {
    sql("INSERT INTO mail_outbox (id, recipient, subject, body_text, body_html, created_at, next_try_at, tries)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 0)")
    .bind(id)
    .bind(letter.to.as_str())
    .bind(letter.subject.as_str())
    .bind(letter.text())
    .bind(letter.html())
    .bind(now)
    .later(on)
}

/// Whether any mail's turn has come.
pub(super) async fn any_due(on: &mut impl Queryable, now: Timestamp) -> DbResult<bool> {
    let due: Option<Uuid> =
        sql("SELECT id FROM mail_outbox WHERE failed_at IS NULL AND next_try_at <= $1 LIMIT 1")
            .bind(now)
            .optional(on)
            .await?;
    Ok(due.is_some())
}

/// Leases mails whose turn it is until `lease`, when somebody else may take them up. The condition stands twice, since
/// on PostgreSQL two instances may choose the same rows.
pub(super) async fn claim(tx: &mut Tx, now: Timestamp, lease: Timestamp) -> DbResult<Vec<Waiting>> {
    sql("UPDATE mail_outbox SET next_try_at = $2, tries = tries + 1
         WHERE failed_at IS NULL AND next_try_at <= $1 AND id IN
             (SELECT id FROM mail_outbox WHERE failed_at IS NULL AND next_try_at <= $1 ORDER BY next_try_at LIMIT 20)
         RETURNING id, recipient, subject, body_text, body_html, created_at, tries")
    .bind(now)
    .bind(lease)
    .all(tx)
    .await
}

pub(super) fn delivered(id: Uuid) -> Query {
    sql("DELETE FROM mail_outbox WHERE id = $1").bind(id)
}

pub(super) fn try_again(id: Uuid, at: Timestamp) -> Query {
    sql("UPDATE mail_outbox SET next_try_at = $2 WHERE id = $1")
        .bind(id)
        .bind(at)
}

pub(super) fn give_up(id: Uuid, now: Timestamp) -> Query {
    sql("UPDATE mail_outbox SET failed_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
}

/// Drops mails that were given up before an instant.
pub(super) fn drop_failed(before: Timestamp) -> Query {
    sql("DELETE FROM mail_outbox WHERE failed_at IS NOT NULL AND failed_at < $1").bind(before)
}
