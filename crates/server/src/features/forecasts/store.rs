//! The only SQL that names `forecast_days` and `forecasts`.

use jiff::Timestamp;
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Tx, sql};

use super::document::Document;

/// A stored forecast.
pub(super) struct Stored {
    pub(super) symbol: String,
    pub(super) as_of: Timestamp,
    pub(super) document: Document,
}

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            symbol: row.read()?,
            as_of: row.read()?,
            document: serde_json::from_str(&row.read::<String>()?)
                .map_err(|error| DbError::Fault(format!("a stored forecast: {error}")))?,
        })
    }
}

/// The symbols that were evaluated as of a day's end.
pub(super) async fn done(on: &mut impl Queryable, as_of: Timestamp) -> DbResult<Vec<String>> {
    let rows: Vec<(String,)> = sql("SELECT symbol FROM forecast_days WHERE as_of = $1")
        .bind(as_of)
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|(symbol,)| symbol).collect())
}

/// How many closes a symbol had when it was last evaluated; `None` when it never was.
pub(super) async fn closes(on: &mut impl Queryable, symbol: &str) -> DbResult<Option<i64>> {
    sql("SELECT closes FROM forecast_days WHERE symbol = $1 ORDER BY as_of DESC LIMIT 1")
        .bind(symbol)
        .optional(on)
        .await
}

/// The newest forecast of a symbol at a horizon.
pub(super) async fn newest(on: &mut impl Queryable, symbol: &str, horizon: i64) -> DbResult<Option<Stored>> {
    sql("SELECT symbol, as_of, document FROM forecasts
         WHERE symbol = $1 AND horizon = $2 ORDER BY as_of DESC LIMIT 1")
    .bind(symbol)
    .bind(horizon)
    .optional(on)
    .await
}

/// The newest forecast of every symbol at a horizon, by symbol.
pub(super) async fn all(on: &mut impl Queryable, horizon: i64) -> DbResult<Vec<Stored>> {
    sql("SELECT symbol, as_of, document FROM forecasts f
         WHERE horizon = $1 AND as_of =
             (SELECT MAX(as_of) FROM forecasts g WHERE g.symbol = f.symbol AND g.horizon = $1)
         ORDER BY symbol")
    .bind(horizon)
    .all(on)
    .await
}

/// Notes that a symbol was evaluated, with what was found: a text a horizon, from one day on. Doing it again changes
/// nothing but the time.
pub(super) async fn save(
    tx: &mut Tx,
    symbol: &str,
    as_of: Timestamp,
    closes: i64,
    documents: &[String],
    now: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO forecast_days (as_of, symbol, closes, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (as_of, symbol) DO UPDATE SET closes = excluded.closes, made_at = excluded.made_at",
    )
    .bind(as_of)
    .bind(symbol)
    .bind(closes)
    .bind(now)
    .later(tx)?;
    for (horizon, document) in (1_i64..).zip(documents) {
        sql(
            "INSERT INTO forecasts (symbol, horizon, as_of, document) VALUES ($1, $2, $3, $4)
             ON CONFLICT (symbol, horizon, as_of) DO UPDATE SET document = excluded.document",
        )
        .bind(symbol)
        .bind(horizon)
        .bind(as_of)
        .bind(document.as_str())
        .later(tx)?;
    }
    Ok(())
}

/// Drops a symbol's forecasts as of before an instant.
pub(super) async fn drop_older(tx: &mut Tx, symbol: &str, before: Timestamp) -> DbResult<()> {
    sql("DELETE FROM forecasts WHERE symbol = $1 AND as_of < $2")
        .bind(symbol)
        .bind(before)
        .later(tx)?;
    sql("DELETE FROM forecast_days WHERE as_of < $2 AND symbol = $1")
        .bind(symbol)
        .bind(before)
        .later(tx)
}
