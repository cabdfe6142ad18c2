//! What the log says of accounts, sessions and keys. Details never hold a secret; an address that belongs to no account
//! is kept as a keyed hash, because people type passwords into the wrong field.

use serde::Serialize;
use serde_json::json;
use stockade_domain::{
    ids::{SessionId, SigningKeyId, UserId},
    roles::Role,
};

use super::{login::DeviceReport, mail_purpose::MailPurpose, scopes::Scopes};
use crate::core::event::AuditEvent;

const SESSION_REVOKED: &str = "session.revoked";
const REUSE_DETECTED: &str = "session.reuse_detected";

/// Kinds whose unit revoked sessions.
pub(super) const REVOKING: [&str; 2] = [SESSION_REVOKED, REUSE_DETECTED];

/// Why a sign-in failed. The client is never told.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignInFailure {
    UnknownAccount,
    WrongPassword,
    AccountDisabled,
    /// The password was changed while it was being compared.
    PasswordReplaced,
}

/// Which of somebody's sessions they ended.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignedOutOf {
    ThisSession,
    Everywhere,
    /// A new password took the place of a forgotten one.
    PasswordReset,
    /// The password was changed.
    PasswordChange,
    /// The address was changed.
    EmailChange,
}

pub(super) fn registration_requested(address: &str) -> AuditEvent {
    AuditEvent::done("registration.requested").with(json!({ "address": address }))
}

pub(super) fn registration_of_known_address(owner: UserId) -> AuditEvent {
    AuditEvent::refused("registration.address_taken").about(owner)
}

pub(super) fn user_registered(user: UserId, role: Role, how: &'static str) -> AuditEvent {
    AuditEvent::done("user.registered")
        .about(user)
        .with(json!({ "role": role, "how": how }))
}

pub(super) fn confirmation_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("registration.confirmation_refused").with(json!({ "code": code }))
}

pub(super) fn link_requested(purpose: MailPurpose, address: &str) -> AuditEvent {
    AuditEvent::done("mail_link.requested").with(json!({ "purpose": purpose, "address": address }))
}

pub(super) fn link_mailed(purpose: MailPurpose, address: &str) -> AuditEvent {
    AuditEvent::done("mail_link.mailed").with(json!({ "purpose": purpose, "address": address }))
}

/// No mail went out. Who asked is not told.
pub(super) fn link_withheld(purpose: MailPurpose, address: &str, why: &'static str) -> AuditEvent {
    let details = json!({ "purpose": purpose, "address": address, "reason": why });
    AuditEvent::refused("mail_link.withheld").with(details)
}

pub(super) fn password_reset_requested(user: UserId) -> AuditEvent {
    AuditEvent::done("password.reset_requested").about(user)
}

/// `how` is `change`, with the one before, or `reset`, by a mailed link.
pub(super) fn password_changed(user: UserId, how: &'static str) -> AuditEvent {
    AuditEvent::done("password.changed")
        .about(user)
        .with(json!({ "how": how }))
}

pub(super) fn password_change_refused(code: &'static str) -> AuditEvent {
    AuditEvent::failed("password.change_refused").with(json!({ "code": code }))
}

pub(super) fn email_change_requested(user: UserId, new: &str) -> AuditEvent {
    AuditEvent::done("email.change_requested")
        .about(user)
        .with(json!({ "new": new }))
}

/// Both addresses are sealed under the person's key.
pub(super) fn email_changed(user: UserId, old: &str, new: &str) -> AuditEvent {
    let details = json!({ "old": old, "new": new });
    AuditEvent::done("email.changed").about(user).with(details)
}

pub(super) fn email_change_refused(user: Option<UserId>, code: &'static str) -> AuditEvent {
    let refused = AuditEvent::refused("email.change_refused").with(json!({ "code": code }));
    match user {
        Some(user) => refused.about(user),
        None => refused,
    }
}

/// Sessions that a change of credentials ended.
pub(super) fn sessions_ended(user: UserId, by: SignedOutOf, sessions: &[SessionId]) -> AuditEvent {
    sessions_revoked(by, sessions).about(user)
}

pub(super) fn setup_link_made() -> AuditEvent {
    AuditEvent::done("setup.link_made")
}

pub(super) fn setup_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("setup.refused").with(json!({ "code": code }))
}

pub(super) fn signed_in(user: UserId, session: SessionId, device: Option<&DeviceReport>) -> AuditEvent {
    let details = json!({ "session": session, "amr": ["pwd"], "device": device });
    AuditEvent::done("sign_in.succeeded").about(user).with(details)
}

pub(super) fn password_rehashed(user: UserId) -> AuditEvent {
    AuditEvent::done("password.rehashed").about(user)
}

pub(super) fn sign_in_failed(user: Option<UserId>, why: SignInFailure, address: &str) -> AuditEvent {
    let failed = AuditEvent::failed("sign_in.failed");
    match user {
        Some(user) => failed.about(user).with(json!({ "reason": why })),
        None => failed.with(json!({ "reason": why, "address": address })),
    }
}

pub(super) fn session_refreshed(user: UserId, session: SessionId, repeated: bool) -> AuditEvent {
    AuditEvent::done("session.refreshed")
        .about(user)
        .with(json!({ "session": session, "repeated": repeated }))
}

pub(super) fn refresh_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("session.refresh_refused").with(json!({ "code": code }))
}

pub(super) fn reuse_detected(user: UserId, session: SessionId) -> AuditEvent {
    AuditEvent::failed(REUSE_DETECTED)
        .about(user)
        .with(json!({ "session": session }))
}

pub(super) fn sessions_revoked(out_of: SignedOutOf, sessions: &[SessionId]) -> AuditEvent {
    AuditEvent::done(SESSION_REVOKED).with(json!({ "by": out_of, "sessions": sessions }))
}

pub(super) fn signing_key_created(key: SigningKeyId, scopes: Scopes, of_session: bool) -> AuditEvent {
    let details = json!({ "key": key, "scopes": scopes, "of_session": of_session });
    AuditEvent::done("signing_key.created").with(details)
}

pub(super) fn signing_key_revoked(key: SigningKeyId) -> AuditEvent {
    AuditEvent::done("signing_key.revoked").with(json!({ "key": key }))
}
