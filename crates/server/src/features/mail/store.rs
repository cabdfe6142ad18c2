//! The only SQL that names `mail_outbox` and `mail_allowances`.

use jiff::Timestamp;
use stockade_platform::db::{DbError, DbResult, FromRow, Query, Queryable, Row, Tx, Writable, sql};
use uuid::Uuid;

use super::letter::{Content, Letter};

/// A mail whose turn it is.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) recipient: String,
    pub(super) kind: String,
    pub(super) content: Content,
    /// Mails of its kind that were not sent before it.
    pub(super) held_back: i64,
    pub(super) created_at: Timestamp,
    /// This try included.
    pub(super) tries: i64,
}

impl FromRow for Waiting {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            recipient: row.read()?,
            kind: row.read()?,
            content: content(&row.read::<String>()?)?,
            held_back: row.read()?,
            created_at: row.read()?,
            tries: row.read()?,
        })
    }
}

fn content(text: &str) -> DbResult<Content> {
    serde_json::from_str(text).map_err(|error| DbError::Fault(format!("a letter in the outbox: {error}")))
}

pub(super) fn insert(on: &mut impl Writable, id: Uuid, letter: &Letter, now: Timestamp) -> DbResult<()> {
    let content = serde_json::to_string(&letter.content).expect("a letter is plain data");
    sql(
        "INSERT INTO mail_outbox (id, recipient, kind, letter, held_back, created_at, next_try_at, tries)
         VALUES ($1, $2, $3, $4, 0, $5, $5, 0)",
    )
    .bind(id)
    .bind(letter.to.as_str())
    .bind(letter.kind())
    .bind(content)
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

/// How many mails wait.
pub(super) async fn waiting(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM mail_outbox WHERE failed_at IS NULL")
        .one(on)
        .await
}

/// Leases mails whose turn it is until `lease`, when somebody else may take them up. The condition stands twice, since
/// on PostgreSQL two instances may choose the same rows.
pub(super) async fn claim(tx: &mut Tx, now: Timestamp, lease: Timestamp) -> DbResult<Vec<Waiting>> {
    sql("UPDATE mail_outbox SET next_try_at = $2, tries = tries + 1
         WHERE failed_at IS NULL AND next_try_at <= $1 AND id IN
             (SELECT id FROM mail_outbox WHERE failed_at IS NULL AND next_try_at <= $1 ORDER BY next_try_at, id LIMIT 20)
         RETURNING id, recipient, kind, letter, held_back, created_at, tries")
    .bind(now)
    .bind(lease)
    .all(tx)
    .await
}

/// What an address may get of a kind: `burst` at once, then one an `interval` (both instants and interval in
/// microseconds). The bucket leaks, as GCRA has it: `whole_at` moves on by one interval a mail, and may lie at most
/// `burst` intervals ahead.
pub(super) struct Allowance {
    pub(super) now: i64,
    pub(super) interval: i64,
    pub(super) burst: i64,
}

impl Allowance {
    /// Whether one more may go out; if so, how many were held back before it.
    pub(super) async fn take(&self, tx: &mut Tx, recipient: &str, kind: &str) -> DbResult<Option<i64>> {
        let (missed, told): (i64, i64) = sql(
            "INSERT INTO mail_allowances (recipient, kind, whole_at, missed, told) VALUES ($1, $2, $3, 0, 0)
             ON CONFLICT (recipient, kind) DO UPDATE SET
                 whole_at = CASE WHEN mail_allowances.whole_at > $4 THEN mail_allowances.whole_at
                                 WHEN mail_allowances.whole_at > $5 THEN mail_allowances.whole_at + $6
                                 ELSE excluded.whole_at END,
                 missed = CASE WHEN mail_allowances.whole_at > $4 THEN mail_allowances.missed + 1 ELSE 0 END,
                 told = CASE WHEN mail_allowances.whole_at > $4 THEN 0 ELSE mail_allowances.missed END
             RETURNING missed, told",
        )
        .bind(recipient)
        .bind(kind)
        .bind(self.now + self.interval)
        .bind(self.now + (self.burst - 1) * self.interval)
        .bind(self.now)
        .bind(self.interval)
        .one(tx)
        .await?;
        Ok((missed == 0).then_some(told))
    }
}

/// Drops allowances that were whole before an instant, in microseconds.
pub(super) fn drop_allowances(before: i64) -> Query {
    sql("DELETE FROM mail_allowances WHERE whole_at < $1").bind(before)
}

/// Remembers what a mail is to mention, for when it must be tried again.
pub(super) fn hold_back(id: Uuid, count: i64) -> Query {
    sql("UPDATE mail_outbox SET held_back = $2 WHERE id = $1")
        .bind(id)
        .bind(count)
}

/// Takes a mail out: delivered, held back or no longer of use.
pub(super) fn remove(id: Uuid) -> Query {
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

/// Forgets an address: nothing that waits for it is sent, and nothing remains of what was.
pub(super) fn forget(recipient: &str) -> [Query; 2] {
    [
        sql("DELETE FROM mail_outbox WHERE recipient = $1").bind(recipient),
        sql("DELETE FROM mail_allowances WHERE recipient = $1").bind(recipient),
    ]
}
