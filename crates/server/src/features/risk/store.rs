//! The only SQL that names `risk_policies`, `risk_profiles` and `risk_decisions`.

use jiff::Timestamp;
use stockade_domain::{
    ids::UserId,
    risk::{Decision, Policy},
};
use stockade_platform::db::{DbResult, Query, Queryable, Writable, sql};
use uuid::Uuid;

/// A decision to be stored.
pub(super) struct NewDecision<'a> {
    pub(super) id: Uuid,
    pub(super) user: UserId,
    pub(super) subject: Option<Uuid>,
    pub(super) fate: &'static str,
    pub(super) decision: &'a Decision,
    pub(super) sealed_facts: Vec<u8>,
    pub(super) sealed: Vec<u8>,
    pub(super) now: Timestamp,
}

pub(super) fn keep_policy(on: &mut impl Writable, policy: &Policy, now: Timestamp) -> DbResult<()> {
    sql("INSERT INTO risk_policies (hash, name, body, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING")
        .bind(policy.hash())
        .bind(policy.name())
        .bind(policy.text())
        .bind(now)
        .later(on)
}

/// The sealed profile, locked until the unit ends.
pub(super) async fn profile(on: &mut impl Queryable, user: UserId) -> DbResult<Option<Vec<u8>>> {
    sql("SELECT sealed FROM risk_profiles WHERE user_id = $1")
        .bind(user)
        .for_update()
        .optional(on)
        .await
}

pub(super) fn save_profile(user: UserId, sealed: Vec<u8>, now: Timestamp) -> Query {
    sql(
        "INSERT INTO risk_profiles (user_id, sealed, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at",
    )
    .bind(user)
    .bind(sealed)
    .bind(now)
}

pub(super) fn insert(new: NewDecision<'_>) -> Query {
    sql(
        "INSERT INTO risk_decisions
             (id, user_id, kind, subject_id, fate, score, action, policy_hash, sealed_facts, sealed, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new.id)
    .bind(new.user)
    .bind(new.decision.kind.as_str())
    .bind(new.subject)
    .bind(new.fate)
    .bind(new.decision.score.thousandths())
    .bind(new.decision.action.as_str())
    .bind(new.decision.policy.as_str())
    .bind(new.sealed_facts)
    .bind(new.sealed)
    .bind(new.now)
}

/// The score of the newest decision on a subject, such as the session that a transaction comes from.
pub(super) async fn score_of(on: &mut impl Queryable, user: UserId, subject: Uuid) -> DbResult<Option<i64>> {
    sql("SELECT score FROM risk_decisions WHERE user_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1")
        .bind(user)
        .bind(subject)
        .optional(on)
        .await
}

/// The newest decision on a subject, sealed.
pub(super) async fn evidence_of(
    on: &mut impl Queryable,
    user: UserId,
    subject: Uuid,
) -> DbResult<Option<(Uuid, Vec<u8>)>> {
    sql("SELECT id, sealed FROM risk_decisions WHERE user_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1")
        .bind(user)
        .bind(subject)
        .optional(on)
        .await
}

/// Says how something that was held has ended.
pub(super) fn set_fate(user: UserId, id: Uuid, fate: &'static str) -> Query {
    sql("UPDATE risk_decisions SET fate = $3 WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .bind(fate)
}

pub(super) fn delete(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    for statement in [
        "DELETE FROM risk_decisions WHERE user_id = $1",
        "DELETE FROM risk_profiles WHERE user_id = $1",
    ] {
        sql(statement).bind(user).later(on)?;
    }
    Ok(())
}
