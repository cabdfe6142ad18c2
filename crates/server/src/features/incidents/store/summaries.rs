//! The days whose summary has gone out, and what it tells.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, Queryable, Tx, sql};

use crate::features::incidents::severity::{Outcome, Severity};

/// Whether a day's summary has gone out.
pub(in crate::features::incidents) async fn is_sent(on: &mut impl Queryable, day: &str) -> DbResult<bool> {
    let found: Option<String> = sql("SELECT day FROM incident_summaries WHERE day = $1")
        .bind(day)
        .optional(on)
        .await?;
    Ok(found.is_some())
}

/// Takes a day's summary on; false when another instance did.
pub(in crate::features::incidents) async fn take_day(
    tx: &mut Tx,
    day: &str,
    now: Timestamp,
) -> DbResult<bool> {
    let taken = sql("INSERT INTO incident_summaries (day, sent_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(day)
        .bind(now)
        .run(tx)
        .await?;
    Ok(taken == 1)
}

/// How many incidents were opened in a stretch of time, by severity.
pub(in crate::features::incidents) async fn opened_between(
    on: &mut impl Queryable,
    from: Timestamp,
    to: Timestamp,
) -> DbResult<Vec<(Severity, i64)>> {
    let rows: Vec<(i64, i64)> = sql("SELECT severity, COUNT(*) FROM incidents
         WHERE opened_at >= $1 AND opened_at < $2 GROUP BY severity ORDER BY severity DESC")
    .bind(from)
    .bind(to)
    .all(on)
    .await?;
    rows.into_iter()
        .map(|(severity, count)| Ok((Severity::read(severity)?, count)))
        .collect()
}

/// How many were resolved in it, by outcome.
pub(in crate::features::incidents) async fn resolved_between(
    on: &mut impl Queryable,
    from: Timestamp,
    to: Timestamp,
) -> DbResult<Vec<(Outcome, i64)>> {
    let rows: Vec<(String, i64)> = sql("SELECT outcome, COUNT(*) FROM incidents
         WHERE resolved_at >= $1 AND resolved_at < $2 GROUP BY outcome ORDER BY outcome")
    .bind(from)
    .bind(to)
    .all(on)
    .await?;
    rows.into_iter()
        .map(|(outcome, count)| Ok((Outcome::read(&outcome)?, count)))
        .collect()
}
