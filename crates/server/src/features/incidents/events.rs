//! What the log says of incidents. It is for staff alone, even where a customer is concerned.

use serde_json::json;
use stockade_domain::ids::UserId;
use uuid::Uuid;

use super::{
    rules::Rule,
    severity::{Outcome, Severity},
};
use crate::core::event::AuditEvent;

/// What an incident is made of.
pub(super) struct Named {
    pub(super) incident: Uuid,
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) subject: Option<Uuid>,
}

pub(super) fn opened(named: &Named) -> AuditEvent {
    about_incident("incident.opened", named)
}

/// It matters more than before.
pub(super) fn escalated(named: &Named) -> AuditEvent {
    about_incident("incident.escalated", named)
}

fn about_incident(kind: &'static str, named: &Named) -> AuditEvent {
    AuditEvent::failed(kind).about_nobody().with(json!({
        "incident": named.incident,
        "rule": named.rule.as_str(),
        "severity": named.severity,
        "account": named.subject,
    }))
}

/// Somebody of the staff read it, and with it what the log says of people.
pub(super) fn read(incident: Uuid, subject: Option<Uuid>) -> AuditEvent {
    AuditEvent::done("incident.read")
        .about_nobody()
        .with(json!({ "incident": incident, "account": subject }))
}

pub(super) fn assigned(incident: Uuid, to: UserId) -> AuditEvent {
    AuditEvent::done("incident.assigned")
        .about_nobody()
        .with(json!({ "incident": incident, "to": to }))
}

pub(super) fn noted(incident: Uuid, words: &str) -> AuditEvent {
    AuditEvent::done("incident.noted")
        .about_nobody()
        .with(json!({ "incident": incident, "words": words }))
}

pub(super) fn resolved(incident: Uuid, outcome: Outcome, labelled: usize, words: Option<&str>) -> AuditEvent {
    AuditEvent::done("incident.resolved").about_nobody().with(json!({
        "incident": incident,
        "how": outcome,
        "labelled": labelled,
        "words": words,
    }))
}
