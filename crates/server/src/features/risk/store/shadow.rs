//! `risk_shadow_decisions`: what a policy that is tried would have said.

use stockade_domain::{
    ids::UserId,
    risk::{Decision, Score},
};
use stockade_platform::db::{DbResult, Query, Queryable, Writable, sql};
use uuid::Uuid;

pub(in crate::features::risk) fn insert(id: Uuid, user: UserId, live: &Decision, shadow: &Decision) -> Query {
    sql("INSERT INTO risk_shadow_decisions
             (decision_id, policy_hash, user_id, kind, live_action, action, live_score, score)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(id)
    .bind(shadow.policy.as_str())
    .bind(user)
    .bind(live.kind.as_str())
    .bind(live.action.as_str())
    .bind(shadow.action.as_str())
    .bind(Score::thousandths(live.score))
    .bind(Score::thousandths(shadow.score))
}

/// How often each pair of actions occurred: kind, live, shadow, times.
pub(in crate::features::risk) async fn compared(
    on: &mut impl Queryable,
    hash: &str,
) -> DbResult<Vec<(String, String, String, i64)>> {
    sql(
        "SELECT kind, live_action, action, COUNT(*) FROM risk_shadow_decisions WHERE policy_hash = $1
         GROUP BY kind, live_action, action ORDER BY kind, live_action, action",
    )
    .bind(hash)
    .all(on)
    .await
}

pub(in crate::features::risk) fn delete(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM risk_shadow_decisions WHERE user_id = $1")
        .bind(user)
        .later(on)
}
