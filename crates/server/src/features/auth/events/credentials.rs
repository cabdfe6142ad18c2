//! What the log says of passwords, addresses, and the links that are mailed about them.

use serde_json::json;
use stockade_domain::ids::UserId;

use crate::{core::event::AuditEvent, features::auth::mail_purpose::MailPurpose};

pub(in crate::features::auth) fn link_requested(purpose: MailPurpose, address: &str) -> AuditEvent {
    AuditEvent::done("mail_link.requested").with(json!({ "purpose": purpose, "address": address }))
}

pub(in crate::features::auth) fn link_mailed(purpose: MailPurpose, address: &str) -> AuditEvent {
    AuditEvent::done("mail_link.mailed").with(json!({ "purpose": purpose, "address": address }))
}

/// No mail went out. Who asked is not told.
pub(in crate::features::auth) fn link_withheld(
    purpose: MailPurpose,
    address: &str,
    why: &'static str,
) -> AuditEvent {
    let details = json!({ "purpose": purpose, "address": address, "reason": why });
    AuditEvent::refused("mail_link.withheld").with(details)
}

pub(in crate::features::auth) fn password_reset_requested(user: UserId) -> AuditEvent {
    AuditEvent::done("password.reset_requested").about(user)
}

/// `how` is `change`, with the one before, or `reset`, by a mailed link.
pub(in crate::features::auth) fn password_changed(user: UserId, how: &'static str) -> AuditEvent {
    AuditEvent::done("password.changed")
        .about(user)
        .with(json!({ "how": how }))
}

pub(in crate::features::auth) fn password_change_refused(code: &'static str) -> AuditEvent {
    AuditEvent::failed("password.change_refused").with(json!({ "code": code }))
}

pub(in crate::features::auth) fn password_confirmed(user: UserId) -> AuditEvent {
    AuditEvent::done("password.confirmed").about(user)
}

pub(in crate::features::auth) fn password_not_confirmed(user: UserId) -> AuditEvent {
    AuditEvent::failed("password.not_confirmed").about(user)
}

pub(in crate::features::auth) fn password_rehashed(user: UserId) -> AuditEvent {
    AuditEvent::done("password.rehashed").about(user)
}

pub(in crate::features::auth) fn email_change_requested(user: UserId, new: &str) -> AuditEvent {
    AuditEvent::done("email.change_requested")
        .about(user)
        .with(json!({ "new": new }))
}

/// Both addresses are sealed under the person's key.
pub(in crate::features::auth) fn email_changed(user: UserId, old: &str, new: &str) -> AuditEvent {
    let details = json!({ "old": old, "new": new });
    AuditEvent::done("email.changed").about(user).with(details)
}

pub(in crate::features::auth) fn email_change_refused(
    user: Option<UserId>,
    code: &'static str,
) -> AuditEvent {
    let refused = AuditEvent::refused("email.change_refused").with(json!({ "code": code }));
    match user {
        Some(user) => refused.about(user),
        None => refused,
    }
}
