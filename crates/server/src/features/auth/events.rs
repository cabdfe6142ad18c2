//! What the log says of accounts, sessions and keys. Details never hold a secret; an address that belongs to no account
//! is kept as a keyed hash, because people type passwords into the wrong field.

use serde::Serialize;
use serde_json::json;
use stockade_domain::{
    ids::{DeviceId, PasskeyId, SessionId, SigningKeyId, UserId},
    roles::Role,
};

use jiff::Timestamp;

use super::{
    lockout::{Attempt, Authenticator},
    mail_purpose::MailPurpose,
    scopes::Scopes,
    second_factors::Method,
};
use crate::{core::event::AuditEvent, features::devices};

const SESSION_REVOKED: &str = "session.revoked";
const REUSE_DETECTED: &str = "session.reuse_detected";
const SESSION_STOLEN: &str = "session.stolen";
const NOT_ME_REPORTED: &str = "account.not_me_reported";

/// Kinds whose unit revoked sessions.
pub(super) const REVOKING: [&str; 4] = [SESSION_REVOKED, REUSE_DETECTED, SESSION_STOLEN, NOT_ME_REPORTED];

/// Why a sign-in failed. The client is never told.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignInFailure {
    UnknownAccount,
    WrongPassword,
    /// Disabled, or locked until the password is reset.
    AccountClosed,
    /// Too many failures.
    Locked,
    /// The password was changed while it was being compared.
    PasswordReplaced,
    /// No passkey, or one of another person.
    UnknownPasskey,
    WrongPasskey,
}

/// Which of somebody's sessions they ended.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignedOutOf {
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

pub(super) fn signed_in(
    user: UserId,
    session: SessionId,
    amr: &str,
    device: &devices::Recognised,
) -> AuditEvent {
    let amr: Vec<&str> = amr.split_whitespace().collect();
    let details = json!({ "session": session, "amr": amr, "device": device });
    AuditEvent::done("sign_in.succeeded").about(user).with(details)
}

pub(super) fn sign_in_challenged(user: UserId) -> AuditEvent {
    AuditEvent::done("sign_in.challenged").about(user)
}

pub(super) fn challenge_refused(user: UserId) -> AuditEvent {
    let details = json!({ "reason": "wrong_second_factor" });
    AuditEvent::failed("sign_in.failed").about(user).with(details)
}

pub(super) fn account_locked(
    user: UserId,
    authenticator: Authenticator,
    attempt: Attempt,
    until: Timestamp,
) -> AuditEvent {
    let (authenticator, devices) = (authenticator.as_str(), attempt.as_str());
    let details = json!({ "authenticator": authenticator, "devices": devices, "until": until });
    AuditEvent::failed("account.locked").about(user).with(details)
}

pub(super) fn confirmation_required(user: UserId) -> AuditEvent {
    AuditEvent::refused("account.confirmation_required").about(user)
}

pub(super) fn confirmation_of_sign_ins_refused() -> AuditEvent {
    AuditEvent::refused("account.confirmation_refused")
}

pub(super) fn account_unlocked(user: UserId, by: &'static str, counters: u64) -> AuditEvent {
    let details = json!({ "by": by, "counters": counters });
    AuditEvent::done("account.unlocked").about(user).with(details)
}

pub(super) fn password_confirmed(user: UserId) -> AuditEvent {
    AuditEvent::done("password.confirmed").about(user)
}

pub(super) fn password_not_confirmed(user: UserId) -> AuditEvent {
    AuditEvent::failed("password.not_confirmed").about(user)
}

pub(super) fn second_factor_pending(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.pending", user, method)
}

pub(super) fn second_factor_enabled(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.enabled", user, method)
}

pub(super) fn second_factor_disabled(user: UserId, method: Method) -> AuditEvent {
    about_factor("second_factor.disabled", user, method)
}

/// Somebody meant to turn a second factor off and could not prove it.
pub(super) fn second_factor_kept(user: UserId) -> AuditEvent {
    AuditEvent::failed("second_factor.disable_refused").about(user)
}

pub(super) fn second_factor_failed(user: UserId, authenticator: Authenticator) -> AuditEvent {
    let details = json!({ "authenticator": authenticator.as_str() });
    AuditEvent::failed("second_factor.failed")
        .about(user)
        .with(details)
}

pub(super) fn passkey_added(user: UserId, passkey: PasskeyId, name: &str) -> AuditEvent {
    AuditEvent::done("passkey.added")
        .about(user)
        .with(json!({ "passkey": passkey, "name": name }))
}

pub(super) fn passkey_renamed(user: UserId, passkey: PasskeyId, name: &str) -> AuditEvent {
    AuditEvent::done("passkey.renamed")
        .about(user)
        .with(json!({ "passkey": passkey, "name": name }))
}

pub(super) fn passkey_removed(user: UserId, passkey: PasskeyId) -> AuditEvent {
    AuditEvent::done("passkey.removed")
        .about(user)
        .with(json!({ "passkey": passkey }))
}

/// What a device made was not acceptable.
pub(super) fn passkey_not_added(user: UserId) -> AuditEvent {
    AuditEvent::failed("passkey.not_added").about(user)
}

/// A right signature whose count went back: there may be two of the key.
pub(super) fn passkey_cloned(user: UserId, passkey: PasskeyId, count: i64) -> AuditEvent {
    AuditEvent::failed("passkey.cloned")
        .about(user)
        .with(json!({ "passkey": passkey, "count": count }))
}

pub(super) fn backup_codes_created(user: UserId, count: usize) -> AuditEvent {
    AuditEvent::done("backup_codes.created")
        .about(user)
        .with(json!({ "count": count }))
}

pub(super) fn backup_code_used(user: UserId, left: i64) -> AuditEvent {
    AuditEvent::done("backup_code.used")
        .about(user)
        .with(json!({ "left": left }))
}

pub(super) fn backup_codes_refused(user: UserId) -> AuditEvent {
    AuditEvent::failed("backup_codes.refused").about(user)
}

pub(super) fn step_up_asked(user: UserId, operation: &str, methods: &[Method]) -> AuditEvent {
    AuditEvent::done("step_up.asked")
        .about(user)
        .with(json!({ "operation": operation, "methods": methods }))
}

pub(super) fn step_up_passed(user: UserId, operation: &str, method: Method) -> AuditEvent {
    AuditEvent::done("step_up.passed")
        .about(user)
        .with(json!({ "operation": operation, "method": method }))
}

pub(super) fn step_up_failed(user: UserId, operation: &str) -> AuditEvent {
    AuditEvent::failed("step_up.failed")
        .about(user)
        .with(json!({ "operation": operation }))
}

fn about_factor(kind: &'static str, user: UserId, method: Method) -> AuditEvent {
    AuditEvent::done(kind)
        .about(user)
        .with(json!({ "method": method }))
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

/// A token came from another device than the one it was issued to.
pub(super) fn session_stolen(user: UserId, session: SessionId, device: Option<DeviceId>) -> AuditEvent {
    AuditEvent::failed(SESSION_STOLEN)
        .about(user)
        .with(json!({ "session": session, "device": device }))
}

/// Somebody with a person's mail says that it was not that person who signed in.
pub(super) fn not_me_reported(
    user: UserId,
    session: SessionId,
    device: Option<DeviceId>,
    ended: &[SessionId],
) -> AuditEvent {
    let details = json!({ "session": session, "device": device, "sessions": ended });
    AuditEvent::failed(NOT_ME_REPORTED).about(user).with(details)
}

pub(super) fn not_me_refused(user: Option<UserId>) -> AuditEvent {
    let refused = AuditEvent::refused("account.not_me_refused");
    match user {
        Some(user) => refused.about(user),
        None => refused,
    }
}

pub(super) fn signing_key_created(key: SigningKeyId, scopes: Scopes, of_session: bool) -> AuditEvent {
    let details = json!({ "key": key, "scopes": scopes, "of_session": of_session });
    AuditEvent::done("signing_key.created").with(details)
}

pub(super) fn signing_key_revoked(key: SigningKeyId) -> AuditEvent {
    AuditEvent::done("signing_key.revoked").with(json!({ "key": key }))
}

/// A provider has said who somebody is.
pub(super) fn oidc_recognised(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.recognised")
        .about(user)
        .with(json!({ "provider": provider }))
}

/// What a provider said, or who brought it, was not believed.
pub(super) fn oidc_refused(provider: &str, code: &'static str) -> AuditEvent {
    AuditEvent::refused("oidc.refused").with(json!({ "provider": provider, "code": code }))
}

pub(super) fn oidc_link_requested(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.link_requested")
        .about(user)
        .with(json!({ "provider": provider }))
}

/// `how` is `registration`, `verified_address`, or `signed_in`, by somebody who was.
pub(super) fn oidc_linked(user: UserId, provider: &str, how: &'static str) -> AuditEvent {
    AuditEvent::done("oidc.linked")
        .about(user)
        .with(json!({ "provider": provider, "how": how }))
}

pub(super) fn oidc_link_refused(user: UserId, provider: &str, code: &'static str) -> AuditEvent {
    AuditEvent::refused("oidc.link_refused")
        .about(user)
        .with(json!({ "provider": provider, "code": code }))
}

pub(super) fn oidc_unlinked(user: UserId, provider: &str) -> AuditEvent {
    AuditEvent::done("oidc.unlinked")
        .about(user)
        .with(json!({ "provider": provider }))
}
