//! What the log says of webhooks. Addresses may hold a secret, so only hosts are named.

use serde_json::json;
use uuid::Uuid;

use crate::core::event::AuditEvent;

pub(super) fn created(id: Uuid, host: &str, kinds: &[String]) -> AuditEvent {
    AuditEvent::done("webhook.created").with(json!({ "webhook": id, "host": host, "kinds": kinds }))
}

pub(super) fn deleted(id: Uuid) -> AuditEvent {
    AuditEvent::done("webhook.deleted").with(json!({ "webhook": id }))
}

pub(super) fn tested(id: Uuid) -> AuditEvent {
    AuditEvent::done("webhook.tested").with(json!({ "webhook": id }))
}

/// `why` is `gone`, which the receiver said, or `failing`.
pub(super) fn disabled(id: Uuid, why: &'static str) -> AuditEvent {
    AuditEvent::done("webhook.disabled").with(json!({ "webhook": id, "why": why }))
}
