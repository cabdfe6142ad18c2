//! What the log says of risk. The whole evidence lies sealed with the decision.

use serde_json::{Value, json};
use stockade_domain::{ids::UserId, risk::Decision};
use uuid::Uuid;

use crate::core::event::AuditEvent;

/// The score, the rules that made it, and the policy.
pub(super) fn details(id: Uuid, decision: &Decision) -> Value {
    let terms = decision
        .terms
        .iter()
        .map(|term| (term.rule.clone(), term.points.into()));
    json!({
        "decision": id,
        "score": decision.score,
        "action": decision.action,
        "policy": decision.policy,
        "terms": terms.collect::<serde_json::Map<String, Value>>(),
    })
}

/// The first factor was right, and the sign-in too unlike the person.
pub(super) fn sign_in_refused(user: UserId, details: &Value) -> AuditEvent {
    AuditEvent::refused("sign_in.refused")
        .about(user)
        .with(json!({ "risk": details }))
}
