//! What people do with incidents.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Query, Writable, sql};
use uuid::Uuid;

use crate::features::incidents::severity::Outcome;

/// Gives an incident to somebody; false when it is resolved.
pub(in crate::features::incidents) async fn assign(
    on: &mut impl Writable,
    id: Uuid,
    assignee: UserId,
) -> DbResult<bool> {
    let assigned = sql(
        "UPDATE incidents SET assignee_id = $2, status = 'investigating' WHERE id = $1 AND resolved_at IS NULL",
    )
    .bind(id)
    .bind(assignee)
    .run(on)
    .await?;
    Ok(assigned == 1)
}

/// Resolves an incident; false when somebody did before. Of two at once one does.
pub(in crate::features::incidents) async fn resolve(
    on: &mut impl Writable,
    id: Uuid,
    outcome: Outcome,
    by: UserId,
    now: Timestamp,
) -> DbResult<bool> {
    let resolved = sql(
        "UPDATE incidents SET status = 'resolved', outcome = $2, resolved_by = $3, resolved_at = $4
         WHERE id = $1 AND resolved_at IS NULL",
    )
    .bind(id)
    .bind(outcome.as_str())
    .bind(by)
    .bind(now)
    .run(on)
    .await?;
    Ok(resolved == 1)
}

/// A line of a timeline that is no event: what was done, by whom, to whom, in which words.
pub(in crate::features::incidents) struct Line<'a> {
    pub(in crate::features::incidents) incident: Uuid,
    pub(in crate::features::incidents) id: Uuid,
    pub(in crate::features::incidents) at: Timestamp,
    pub(in crate::features::incidents) what: &'static str,
    pub(in crate::features::incidents) by: Option<UserId>,
    pub(in crate::features::incidents) user: Option<UserId>,
    pub(in crate::features::incidents) words: Option<&'a str>,
}

/// Adds such a line.
pub(in crate::features::incidents) fn add_line(line: &Line<'_>) -> Query {
    sql("INSERT INTO incident_timeline (incident_id, id, at, what, by_id, user_id, words) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(line.incident)
        .bind(line.id)
        .bind(line.at)
        .bind(line.what)
        .bind(line.by)
        .bind(line.user)
        .bind(line.words)
}
