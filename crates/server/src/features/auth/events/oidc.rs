//! What the log says of sign-ins by way of a provider.

use serde_json::json;
use stockade_domain::ids::UserId;

use crate::core::event::AuditEvent;

/// A provider has said who somebody is.
pub(in crate::features::auth) fn oidc_recognised(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.recognised")
        .about(user)
        .with(json!({ "provider": provider }))
}

/// What a provider said, or who brought it, was not believed.
pub(in crate::features::auth) fn oidc_refused(provider: &str, code: &'static str) -> AuditEvent {
    AuditEvent::refused("oidc.refused").with(json!({ "provider": provider, "code": code }))
}

pub(in crate::features::auth) fn oidc_link_requested(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.link_requested")
        .about(user)
        .with(json!({ "provider": provider }))
}

/// `how` is `registration`, `verified_address`, or `signed_in`, by somebody who was.
pub(in crate::features::auth) fn oidc_linked(user: UserId, provider: &str, how: &'static str) -> AuditEvent {
    AuditEvent::done("oidc.linked")
        .about(user)
        .with(json!({ "provider": provider, "how": how }))
}

pub(in crate::features::auth) fn oidc_link_refused(
    user: UserId,
    provider: &str,
    code: &'static str,
) -> AuditEvent {
    AuditEvent::refused("oidc.link_refused")
        .about(user)
        .with(json!({ "provider": provider, "code": code }))
}

pub(in crate::features::auth) fn oidc_unlinked(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.unlinked")
        .about(user)
        .with(json!({ "provider": provider }))
}
