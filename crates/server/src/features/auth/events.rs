//! What the log says of accounts, sessions and keys. Details never hold a secret; an address that belongs to no account
//! is kept as a keyed hash, because people type passwords into the wrong field.

use serde::Serialize;
use serde_json::json;
use stockade_domain::{
    ids::{SessionId, SigningKeyId, UserId},
    roles::Role,
};

use super::{login::DeviceReport, scopes::Scopes};
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
