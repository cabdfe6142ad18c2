//! The only SQL that names `webhooks` and `webhook_deliveries`.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Tx, Writable, sql};
use uuid::Uuid;

use super::message::Message;

/// A webhook as it is stored.
#[derive(Clone)]
pub(super) struct Webhook {
    pub(super) id: Uuid,
    pub(super) url: String,
    pub(super) kinds: Vec<String>,
    pub(super) created_at: Timestamp,
    pub(super) failing_since: Option<Timestamp>,
    pub(super) disabled_at: Option<Timestamp>,
    pub(super) disabled_why: Option<String>,
}

impl FromRow for Webhook {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            url: row.read()?,
            kinds: row.read::<String>()?.split(',').map(str::to_owned).collect(),
            created_at: row.read()?,
            failing_since: row.read()?,
            disabled_at: row.read()?,
            disabled_why: row.read()?,
        })
    }
}

/// A delivery whose turn it is, with what it takes to make it.
#[derive(Clone)]
pub(super) struct Due {
    pub(super) id: Uuid,
    pub(super) webhook: Uuid,
    pub(super) body: String,
    /// This try included.
    pub(super) tries: i64,
}

impl FromRow for Due {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            webhook: row.read()?,
            body: row.read()?,
            tries: row.read()?,
        })
    }
}

/// A delivery as it is listed.
pub(super) struct Delivery {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) created_at: Timestamp,
    pub(super) tries: i64,
    pub(super) status: Option<i64>,
    pub(super) problem: Option<String>,
    pub(super) delivered_at: Option<Timestamp>,
    pub(super) failed_at: Option<Timestamp>,
}

impl FromRow for Delivery {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            kind: row.read()?,
            created_at: row.read()?,
            tries: row.read()?,
            status: row.read()?,
            problem: row.read()?,
            delivered_at: row.read()?,
            failed_at: row.read()?,
        })
    }
}

const COLUMNS: &str =
    "SELECT id, url, kinds, created_at, failing_since, disabled_at, disabled_why FROM webhooks";

/// All webhooks, oldest first.
pub(super) async fn all(on: &mut impl Queryable) -> DbResult<Vec<Webhook>> {
    sql(format!("{COLUMNS} ORDER BY id")).all(on).await
}

pub(super) async fn one(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<Webhook>> {
    sql(format!("{COLUMNS} WHERE id = $1"))
        .bind(id)
        .optional(on)
        .await
}

/// A webhook's sealed secret, unless it is gone or switched off.
pub(super) async fn sealed_secret(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<Vec<u8>>> {
    sql("SELECT sealed_secret FROM webhooks WHERE id = $1 AND disabled_at IS NULL")
        .bind(id)
        .optional(on)
        .await
}

pub(super) fn insert(on: &mut impl Writable, webhook: &Webhook, sealed: &[u8], by: UserId) -> DbResult<()> {
    sql("INSERT INTO webhooks (id, url, kinds, sealed_secret, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(webhook.id)
        .bind(webhook.url.as_str())
        .bind(webhook.kinds.join(","))
        .bind(sealed)
        .bind(by)
        .bind(webhook.created_at)
        .later(on)
}

/// Deletes a webhook and its deliveries; false when there is none.
pub(super) async fn delete(on: &mut impl Writable, id: Uuid) -> DbResult<bool> {
    sql("DELETE FROM webhook_deliveries WHERE webhook_id = $1")
        .bind(id)
        .later(on)?;
    Ok(sql("DELETE FROM webhooks WHERE id = $1").bind(id).run(on).await? == 1)
}

/// Switches a webhook off and gives its deliveries up; false when it was off.
pub(super) async fn disable(on: &mut impl Writable, id: Uuid, why: &str, now: Timestamp) -> DbResult<bool> {
    let changed =
        sql("UPDATE webhooks SET disabled_at = $2, disabled_why = $3 WHERE id = $1 AND disabled_at IS NULL")
            .bind(id)
            .bind(now)
            .bind(why)
            .run(on)
            .await?;
    sql("UPDATE webhook_deliveries SET failed_at = $2 WHERE webhook_id = $1 AND delivered_at IS NULL AND failed_at IS NULL")
        .bind(id)
        .bind(now)
        .later(on)?;
    Ok(changed == 1)
}

pub(super) fn enqueue(
    on: &mut impl Writable,
    id: Uuid,
    webhook: Uuid,
    message: &Message,
    now: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO webhook_deliveries (id, webhook_id, kind, body, created_at, next_try_at, tries)
         VALUES ($1, $2, $3, $4, $5, $5, 0)",
    )
    .bind(id)
    .bind(webhook)
    .bind(message.kind.as_str())
    .bind(message.body.as_str())
    .bind(now)
    .later(on)
}

/// A webhook's deliveries, newest first, before the one with the given id.
pub(super) async fn deliveries(
    on: &mut impl Queryable,
    webhook: Uuid,
    before: Uuid,
    most: i64,
) -> DbResult<Vec<Delivery>> {
    sql(
        "SELECT id, kind, created_at, tries, status, problem, delivered_at, failed_at FROM webhook_deliveries
         WHERE webhook_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(webhook)
    .bind(before)
    .bind(most)
    .all(on)
    .await
}

/// Whether any delivery's turn has come.
pub(super) async fn waiting(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM webhook_deliveries WHERE delivered_at IS NULL AND failed_at IS NULL")
        .one(on)
        .await
}

pub(super) async fn any_due(on: &mut impl Queryable, now: Timestamp) -> DbResult<bool> {
    let due: Option<Uuid> = sql("SELECT id FROM webhook_deliveries
         WHERE delivered_at IS NULL AND failed_at IS NULL AND next_try_at <= $1 LIMIT 1")
    .bind(now)
    .optional(on)
    .await?;
    Ok(due.is_some())
}

/// Leases deliveries whose turn it is until `lease`. The condition stands twice, since on PostgreSQL two instances may
/// choose the same rows.
pub(super) async fn claim(tx: &mut Tx, now: Timestamp, lease: Timestamp) -> DbResult<Vec<Due>> {
    sql("UPDATE webhook_deliveries SET next_try_at = $2, tries = tries + 1
         WHERE delivered_at IS NULL AND failed_at IS NULL AND next_try_at <= $1 AND id IN
             (SELECT id FROM webhook_deliveries
              WHERE delivered_at IS NULL AND failed_at IS NULL AND next_try_at <= $1 ORDER BY next_try_at, id LIMIT 50)
         RETURNING id, webhook_id, body, tries")
    .bind(now)
    .bind(lease)
    .all(tx)
    .await
}

pub(super) fn delivered(due: &Due, status: i64, now: Timestamp) -> Vec<Query> {
    vec![
        sql("UPDATE webhook_deliveries SET delivered_at = $2, status = $3, problem = NULL WHERE id = $1")
            .bind(due.id)
            .bind(now)
            .bind(status),
        sql("UPDATE webhooks SET failing_since = NULL WHERE id = $1").bind(due.webhook),
    ]
}

/// Notes a failure: with `again`, when it is to be tried again, else it is given up.
pub(super) fn failed(
    due: &Due,
    status: Option<i64>,
    problem: &str,
    again: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Query> {
    vec![
        sql("UPDATE webhook_deliveries SET status = $2, problem = $3, next_try_at = $4, failed_at = $5 WHERE id = $1")
            .bind(due.id)
            .bind(status)
            .bind(problem)
            .bind(again.unwrap_or(now))
            .bind(again.is_none().then_some(now)),
        sql("UPDATE webhooks SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL")
            .bind(due.webhook)
            .bind(now),
    ]
}

/// Webhooks that have failed without a success since before an instant.
pub(super) async fn failing(on: &mut impl Queryable, since: Timestamp) -> DbResult<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = sql("SELECT id FROM webhooks WHERE disabled_at IS NULL AND failing_since < $1")
        .bind(since)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Drops deliveries that were settled before an instant.
pub(super) fn drop_settled(before: Timestamp) -> Query {
    sql("DELETE FROM webhook_deliveries WHERE (delivered_at IS NOT NULL OR failed_at IS NOT NULL) AND created_at < $1")
        .bind(before)
}
