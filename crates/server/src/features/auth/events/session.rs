//! What the log says of sessions, of their ends, and of the keys that sign in them.

use serde::Serialize;
use serde_json::json;
use stockade_domain::ids::{DeviceId, SessionId, SigningKeyId, UserId};

use crate::{
    core::event::AuditEvent,
    features::auth::{made_since::TakenAway, scopes::Scopes},
};

const SESSION_REVOKED: &str = "session.revoked";
const REUSE_DETECTED: &str = "session.reuse_detected";
const SESSION_STOLEN: &str = "session.stolen";
const NOT_ME_REPORTED: &str = "account.not_me_reported";

/// Kinds whose unit revoked sessions, or an API key.
pub(in crate::features::auth) const REVOKING: [&str; 5] = [
    SESSION_REVOKED,
    REUSE_DETECTED,
    SESSION_STOLEN,
    NOT_ME_REPORTED,
    "api_key.revoked",
];

/// Which of somebody's sessions they ended.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::features::auth) enum SignedOutOf {
    ThisSession,
    OneSession,
    OtherSessions,
    /// All of one device.
    Device,
    Everywhere,
    /// A new password took the place of a forgotten one.
    PasswordReset,
    /// The password was changed.
    PasswordChange,
    /// The address was changed.
    EmailChange,
    /// The person was erased.
    Erasure,
    /// The account was frozen, or opened again.
    Restriction,
    Restoration,
}

pub(in crate::features::auth) fn session_refreshed(
    user: UserId,
    session: SessionId,
    repeated: bool,
) -> AuditEvent {
    AuditEvent::done("session.refreshed")
        .about(user)
        .with(json!({ "session": session, "repeated": repeated }))
}

pub(in crate::features::auth) fn refresh_refused(code: &'static str) -> AuditEvent {
    AuditEvent::refused("session.refresh_refused").with(json!({ "code": code }))
}

pub(in crate::features::auth) fn sessions_revoked(out_of: SignedOutOf, sessions: &[SessionId]) -> AuditEvent {
    AuditEvent::done(SESSION_REVOKED).with(json!({ "by": out_of, "sessions": sessions }))
}

/// Sessions that a change of credentials ended.
pub(in crate::features::auth) fn sessions_ended(
    user: UserId,
    by: SignedOutOf,
    sessions: &[SessionId],
) -> AuditEvent {
    sessions_revoked(by, sessions).about(user)
}

pub(in crate::features::auth) fn reuse_detected(user: UserId, session: SessionId) -> AuditEvent {
    AuditEvent::failed(REUSE_DETECTED)
        .about(user)
        .with(json!({ "session": session }))
}

/// A token came from another device than the one it was issued to.
pub(in crate::features::auth) fn session_stolen(
    user: UserId,
    session: SessionId,
    device: Option<DeviceId>,
) -> AuditEvent {
    AuditEvent::failed(SESSION_STOLEN)
        .about(user)
        .with(json!({ "session": session, "device": device }))
}

/// Somebody with a person's mail says that it was not that person who signed in.
pub(in crate::features::auth) fn not_me_reported(
    user: UserId,
    session: SessionId,
    device: Option<DeviceId>,
    ended: &[SessionId],
    taken_away: TakenAway,
) -> AuditEvent {
    let details =
        json!({ "session": session, "device": device, "sessions": ended, "taken_away": taken_away });
    AuditEvent::failed(NOT_ME_REPORTED).about(user).with(details)
}

pub(in crate::features::auth) fn not_me_refused(user: Option<UserId>) -> AuditEvent {
    let refused = AuditEvent::refused("account.not_me_refused");
    match user {
        Some(user) => refused.about(user),
        None => refused,
    }
}

pub(in crate::features::auth) fn signing_key_created(
    key: SigningKeyId,
    scopes: Scopes,
    of_session: bool,
) -> AuditEvent {
    let details = json!({ "key": key, "scopes": scopes, "of_session": of_session });
    AuditEvent::done("signing_key.created").with(details)
}

pub(in crate::features::auth) fn signing_key_revoked(key: SigningKeyId) -> AuditEvent {
    AuditEvent::done("signing_key.revoked").with(json!({ "key": key }))
}
