//! `risk_policies`: the texts of policies.

use jiff::Timestamp;
use stockade_domain::risk::Policy;
use stockade_platform::db::{DbResult, Queryable, Writable, sql};

pub(in crate::features::risk) fn keep_policy(
    on: &mut impl Writable,
    policy: &Policy,
    now: Timestamp,
) -> DbResult<()> {
    sql("INSERT INTO risk_policies (hash, name, body, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING")
        .bind(policy.hash())
        .bind(policy.name())
        .bind(policy.text())
        .bind(now)
        .later(on)
}

/// The text of a policy that decided.
pub(in crate::features::risk) async fn policy_text(
    on: &mut impl Queryable,
    hash: &str,
) -> DbResult<Option<String>> {
    sql("SELECT body FROM risk_policies WHERE hash = $1")
        .bind(hash)
        .optional(on)
        .await
}
