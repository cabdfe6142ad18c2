//! The only SQL that names `price_alerts` and `price_alert_cursor`. Queries start from the owner, but for the job's.

use jiff::Timestamp;
use stockade_domain::{ids::UserId, price::Price, symbol::Symbol};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// An alert.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) id: Uuid,
    pub(super) owner: UserId,
    pub(super) symbol: Symbol,
    /// Waits for a price at or above `price`, rather than at or below it.
    pub(super) above: bool,
    pub(super) price: Price,
    pub(super) created_at: Timestamp,
    pub(super) fired_at: Option<Timestamp>,
    pub(super) fired_price: Option<Price>,
}

impl Alert {
    /// As the API says it.
    pub(super) fn condition(&self) -> &'static str {
        if self.above { "above" } else { "below" }
    }

    /// Whether a price is what it waits for.
    pub(super) fn is_met_by(&self, price: Price) -> bool {
        if self.above {
            price >= self.price
        } else {
            price <= self.price
        }
    }
}

impl FromRow for Alert {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            owner: row.read()?,
            symbol: row.parse()?,
            above: row.read()?,
            price: row.read()?,
            created_at: row.read()?,
            fired_at: row.read()?,
            fired_price: row.read()?,
        })
    }
}

const COLUMNS: &str =
    "SELECT id, owner_id, symbol, above, price, created_at, fired_at, fired_price FROM price_alerts";

/// A person's alerts, newest first, before the given one.
pub(super) async fn of_owner(
    on: &mut impl Queryable,
    owner: UserId,
    before: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<Alert>> {
    sql(format!(
        "{COLUMNS} WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    ))
    .bind(owner)
    .bind(before.unwrap_or(Uuid::max()))
    .bind(most)
    .all(on)
    .await
}

/// How many of a person's alerts wait.
pub(super) async fn waiting_count(on: &mut impl Queryable, owner: UserId) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM price_alerts WHERE owner_id = $1 AND fired_at IS NULL")
        .bind(owner)
        .one(on)
        .await
}

pub(super) fn insert(on: &mut impl Writable, alert: &Alert) -> DbResult<()> {
    sql("INSERT INTO price_alerts (id, owner_id, symbol, above, price, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(alert.id)
        .bind(alert.owner)
        .bind(alert.symbol.as_str())
        .bind(alert.above)
        .bind(alert.price)
        .bind(alert.created_at)
        .later(on)
}

/// Deletes a person's alert; false when they have none such.
pub(super) async fn delete(on: &mut impl Writable, owner: UserId, id: Uuid) -> DbResult<bool> {
    let deleted = sql("DELETE FROM price_alerts WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .run(on)
        .await?;
    Ok(deleted == 1)
}

/// Deletes all of a person's alerts.
pub(super) fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    sql("DELETE FROM price_alerts WHERE owner_id = $1")
        .bind(owner)
        .later(on)
}

/// Up to when the alerts were held against the market.
pub(super) async fn checked_until(on: &mut impl Queryable) -> DbResult<Option<Timestamp>> {
    sql("SELECT checked_until FROM price_alert_cursor WHERE name = 'alerts'")
        .optional(on)
        .await
}

/// The alerts were held against the market up to this instant. It never goes back.
pub(super) async fn set_checked_until(on: &mut impl Writable, at: Timestamp) -> DbResult<u64> {
    sql(
        "INSERT INTO price_alert_cursor (name, checked_until) VALUES ('alerts', $1)
         ON CONFLICT (name) DO UPDATE SET checked_until = excluded.checked_until
         WHERE price_alert_cursor.checked_until < excluded.checked_until",
    )
    .bind(at)
    .run(on)
    .await
}

/// Symbols that somebody waits for.
pub(super) async fn waited_for(on: &mut impl Queryable) -> DbResult<Vec<(String,)>> {
    sql("SELECT DISTINCT symbol FROM price_alerts WHERE fired_at IS NULL")
        .all(on)
        .await
}

/// Waiting alerts that prices between `low` and `high` may have met, after the given one.
pub(super) async fn within_reach(
    on: &mut impl Queryable,
    symbol: Symbol,
    (low, high): (Price, Price),
    after: Uuid,
    most: i64,
) -> DbResult<Vec<Alert>> {
    sql(format!(
        "{COLUMNS} WHERE symbol = $1 AND fired_at IS NULL AND id > $2
         AND ((above AND price <= $3) OR (NOT above AND price >= $4)) ORDER BY id LIMIT $5"
    ))
    .bind(symbol.as_str())
    .bind(after)
    .bind(high)
    .bind(low)
    .bind(most)
    .all(on)
    .await
}

/// Lets an alert fire; false when it has fired or is gone.
pub(super) async fn fire(
    on: &mut impl Writable,
    owner: UserId,
    id: Uuid,
    met: Price,
    now: Timestamp,
) -> DbResult<bool> {
    let fired = sql("UPDATE price_alerts SET fired_at = $4, fired_price = $3
         WHERE owner_id = $1 AND id = $2 AND fired_at IS NULL")
    .bind(owner)
    .bind(id)
    .bind(met)
    .bind(now)
    .run(on)
    .await?;
    Ok(fired == 1)
}
