//! What the log says of risk. The whole evidence lies sealed with the decision.

use serde_json::{Value, json};
use stockade_domain::{ids::UserId, risk::Decision};
use uuid::Uuid;

use super::store::{lists::Line, proposals::Proposal};
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

/// Somebody of the staff looked at all that is known of one decision.
pub(super) fn decision_read(about: UserId, id: Uuid) -> AuditEvent {
    let details = json!({ "decision": id, "user": about });
    AuditEvent::done("risk.decision_read")
        .about_nobody()
        .with(details)
}

/// A line of a list counts from now on.
pub(super) fn line_added(line: &Line) -> AuditEvent {
    AuditEvent::done("risk.line_added").about_nobody().with(json!({
        "line": line.id,
        "list": line.list,
        "what": line.what,
        "value": line.value,
        "reason": line.reason,
        "expires_at": line.expires_at,
    }))
}

/// A line of a list counts no more.
pub(super) fn line_removed(id: Uuid) -> AuditEvent {
    AuditEvent::done("risk.line_removed")
        .about_nobody()
        .with(json!({ "line": id }))
}

/// What became of a proposed policy.
pub(super) fn policy(kind: &'static str, proposal: &Proposal) -> AuditEvent {
    let event = match kind {
        "risk.policy_refused" => AuditEvent::refused(kind),
        _ => AuditEvent::done(kind),
    };
    event.about_nobody().with(json!({
        "proposal": proposal.id,
        "policy": proposal.hash,
        "name": proposal.name,
        "note": proposal.note,
        "proposed_by": proposal.proposed_by,
    }))
}

/// A policy is tried beside the live one, or none is.
pub(super) fn shadow_set(hash: Option<&str>) -> AuditEvent {
    AuditEvent::done("risk.shadow_set")
        .about_nobody()
        .with(json!({ "policy": hash }))
}
