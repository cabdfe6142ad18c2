//! The only SQL that names `transaction_hours`.

use stockade_platform::db::{DbResult, Queryable, Writable, sql};

/// Adds to what was counted in an hour.
pub(super) fn count(on: &mut impl Writable, hour: i64, name: &str, more: i64) -> DbResult<()> {
    sql(
        "INSERT INTO transaction_hours (hour, name, count) VALUES ($1, $2, $3)
         ON CONFLICT (hour, name) DO UPDATE SET count = transaction_hours.count + excluded.count",
    )
    .bind(hour)
    .bind(name)
    .bind(more)
    .later(on)
}

/// What was counted from an hour on.
pub(super) async fn since(on: &mut impl Queryable, hour: i64) -> DbResult<Vec<(i64, String, i64)>> {
    sql("SELECT hour, name, count FROM transaction_hours WHERE hour >= $1 ORDER BY hour, name")
        .bind(hour)
        .all(on)
        .await
}
