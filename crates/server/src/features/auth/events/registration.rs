//! What the log says of people who join.

use serde_json::json;
use stockade_domain::{ids::UserId, roles::Role};

use crate::core::event::AuditEvent;

pub(in crate::features::auth) fn registration_requested(address: &str) -> AuditEvent {
    AuditEvent::done("registration.requested").with(json!({ "address": address }))
}

pub(in crate::features::auth) fn registration_of_known_address(owner: UserId) -> AuditEvent {
    AuditEvent::refused("registration.address_taken").about(owner)
}

pub(in crate::features::auth) fn user_registered(user: UserId, role: Role, how: &'static str) -> AuditEvent {
    AuditEvent::done("user.registered")
        .about(user)
        .with(json!({ "role": role, "how": how }))
}

pub(in crate::features::auth) fn confirmation_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("registration.confirmation_refused").with(json!({ "code": code }))
}

pub(in crate::features::auth) fn setup_link_made() -> AuditEvent {
    AuditEvent::done("setup.link_made")
}

pub(in crate::features::auth) fn setup_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("setup.refused").with(json!({ "code": code }))
}
