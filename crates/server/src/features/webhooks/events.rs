//! What the log says of webhooks. Addresses may hold a secret, so only hosts are named.

use serde_json::json;
use stockade_platform::vault::Place;
use uuid::Uuid;

use super::secret;
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

/// What is stored of its secret does not open: it was changed behind the program's back.
pub(super) fn secret_tampered(id: Uuid) -> AuditEvent {
    let Place { table, column, .. } = secret::place(&id);
    AuditEvent::failed("vault.tampered").with(json!({ "table": table, "column": column, "webhook": id }))
}

/// `why` is `gone`, which the receiver said, `failing`, or `secret_tampered`.
pub(super) fn disabled(id: Uuid, why: &'static str) -> AuditEvent {
    AuditEvent::done("webhook.disabled").with(json!({ "webhook": id, "why": why }))
}
