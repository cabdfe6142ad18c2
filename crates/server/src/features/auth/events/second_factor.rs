//! What the log says of second factors, passkeys among them, and of step-up.

use serde_json::json;
use stockade_domain::ids::{PasskeyId, UserId};

use crate::{
    core::event::AuditEvent,
    features::auth::{lockout::Authenticator, second_factors::Method},
};

pub(in crate::features::auth) fn second_factor_pending(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.pending", user, method)
}

pub(in crate::features::auth) fn second_factor_enabled(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.enabled", user, method)
}

pub(in crate::features::auth) fn second_factor_disabled(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.disabled", user, method)
}

/// Somebody meant to turn a second factor off and could not prove it.
pub(in crate::features::auth) fn second_factor_kept(user: UserId) -> AuditEvent {
    AuditEvent::failed("second_factor.disable_refused").about(user)
}

pub(in crate::features::auth) fn second_factor_failed(
    user: UserId,
    authenticator: Authenticator,
) -> AuditEvent {
    let details = json!({ "authenticator": authenticator.as_str() });
    AuditEvent::failed("second_factor.failed")
        .about(user)
        .with(details)
}

fn about_factor(kind: &'static str, user: UserId, method: Method) -> AuditEvent {
    AuditEvent::done(kind)
        .about(user)
        .with(json!({ "method": method }))
}

pub(in crate::features::auth) fn passkey_added(user: UserId, passkey: PasskeyId, name: &str) -> AuditEvent {
    AuditEvent::done("passkey.added")
        .about(user)
        .with(json!({ "passkey": passkey, "name": name }))
}

pub(in crate::features::auth) fn passkey_renamed(user: UserId, passkey: PasskeyId, name: &str) -> AuditEvent {
    AuditEvent::done("passkey.renamed")
        .about(user)
        .with(json!({ "passkey": passkey, "name": name }))
}

pub(in crate::features::auth) fn passkey_removed(user: UserId, passkey: PasskeyId) -> AuditEvent {
    AuditEvent::done("passkey.removed")
        .about(user)
        .with(json!({ "passkey": passkey }))
}

/// What a device made was not acceptable.
pub(in crate::features::auth) fn passkey_not_added(user: UserId) -> AuditEvent {
    AuditEvent::failed("passkey.not_added").about(user)
}

/// A right signature whose count went back: there may be two of the key.
pub(in crate::features::auth) fn passkey_cloned(user: UserId, passkey: PasskeyId, count: i64) -> AuditEvent {
    AuditEvent::failed("passkey.cloned")
        .about(user)
        .with(json!({ "passkey": passkey, "count": count }))
}

pub(in crate::features::auth) fn backup_codes_created(user: UserId, count: usize) -> AuditEvent {
    AuditEvent::done("backup_codes.created")
        .about(user)
        .with(json!({ "count": count }))
}

pub(in crate::features::auth) fn backup_code_used(user: UserId, left: i64) -> AuditEvent {
    AuditEvent::done("backup_code.used")
        .about(user)
        .with(json!({ "left": left }))
}

pub(in crate::features::auth) fn backup_codes_refused(user: UserId) -> AuditEvent {
    AuditEvent::failed("backup_codes.refused").about(user)
}

pub(in crate::features::auth) fn step_up_asked(
    user: UserId,
    operation: &str,
    methods: &[Method],
) -> AuditEvent {
    AuditEvent::done("step_up.asked")
        .about(user)
        .with(json!({ "operation": operation, "methods": methods }))
}

pub(in crate::features::auth) fn step_up_passed(user: UserId, operation: &str, method: Method) -> AuditEvent {
    AuditEvent::done("step_up.passed")
        .about(user)
        .with(json!({ "operation": operation, "method": method }))
}

pub(in crate::features::auth) fn step_up_failed(user: UserId, operation: &str) -> AuditEvent {
    AuditEvent::failed("step_up.failed")
        .about(user)
        .with(json!({ "operation": operation }))
}
