//! What the log says of API keys. Never the key, only its id.

use serde_json::json;
use stockade_domain::{ids::ApiKeyId, key_scopes::KeyScopes};

use crate::core::event::AuditEvent;

pub(super) fn created(key: ApiKeyId, name: &str, scopes: KeyScopes, limited: bool) -> AuditEvent {
    let details = json!({ "key": key, "name": name, "scopes": scopes, "limited_to_networks": limited });
    AuditEvent::done("api_key.created").with(details)
}

pub(super) fn revoked(key: ApiKeyId) -> AuditEvent {
    AuditEvent::done("api_key.revoked").with(json!({ "key": key }))
}

/// A right key from an address where it may not be used: somebody may have copied it.
pub(super) fn refused(key: ApiKeyId) -> AuditEvent {
    AuditEvent::refused("api_key.refused").with(json!({ "key": key, "reason": "network" }))
}
