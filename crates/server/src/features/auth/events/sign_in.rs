//! What the log says of signing in, and of locks.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use stockade_domain::ids::{SessionId, UserId};

use crate::{
    core::event::AuditEvent,
    features::{
        auth::{
            lockout::{Attempt, Authenticator},
            second_factors::Method,
        },
        devices,
    },
};

/// Why a sign-in failed. The client is never told.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::features::auth) enum SignInFailure {
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
    /// After a right password.
    WrongSecondFactor,
}

pub(in crate::features::auth) fn signed_in(
    user: UserId,
    session: SessionId,
    amr: &str,
    device: &devices::Recognised,
    risk: &serde_json::Value,
) -> AuditEvent {
    let amr: Vec<&str> = amr.split_whitespace().collect();
    let details = json!({ "session": session, "amr": amr, "device": device, "risk": risk });
    AuditEvent::done("sign_in.succeeded").about(user).with(details)
}

pub(in crate::features::auth) fn sign_in_challenged(
    user: UserId,
    methods: &[Method],
    risk: &serde_json::Value,
) -> AuditEvent {
    let details = json!({ "methods": methods, "risk": risk });
    AuditEvent::done("sign_in.challenged").about(user).with(details)
}

pub(in crate::features::auth) fn sign_in_failed(
    user: Option<UserId>,
    why: SignInFailure,
    address: &str,
) -> AuditEvent {
    let failed = AuditEvent::failed("sign_in.failed");
    match user {
        Some(user) => failed.about(user).with(json!({ "reason": why })),
        None => failed.with(json!({ "reason": why, "address": address })),
    }
}

pub(in crate::features::auth) fn account_locked(
    user: UserId,
    authenticator: Authenticator,
    attempt: Attempt,
    until: Timestamp,
) -> AuditEvent {
    let (authenticator, devices) = (authenticator.as_str(), attempt.as_str());
    let details = json!({ "authenticator": authenticator, "devices": devices, "until": until });
    AuditEvent::failed("account.locked").about(user).with(details)
}

pub(in crate::features::auth) fn confirmation_required(user: UserId) -> AuditEvent {
    AuditEvent::refused("account.confirmation_required").about(user)
}

pub(in crate::features::auth) fn confirmation_of_sign_ins_refused() -> AuditEvent {
    AuditEvent::refused("account.confirmation_refused")
}

pub(in crate::features::auth) fn account_unlocked(
    user: UserId,
    by: &'static str,
    counters: u64,
) -> AuditEvent {
    let details = json!({ "by": by, "counters": counters });
    AuditEvent::done("account.unlocked").about(user).with(details)
}

/// The account is frozen. `by` is `indicators`, which are named, or `desk`, with what somebody wrote.
pub(in crate::features::auth) fn account_restricted(
    user: UserId,
    by: &'static str,
    indicators: &[&str],
    words: Option<&str>,
) -> AuditEvent {
    let details = json!({ "by": by, "indicators": indicators, "words": words });
    AuditEvent::failed("account.restricted").about(user).with(details)
}

/// One of the staff has made sure who the owner is, and asks another to do the same.
pub(in crate::features::auth) fn restoration_requested(user: UserId, identity_check: &str) -> AuditEvent {
    AuditEvent::done("account.restoration_requested")
        .about(user)
        .with(json!({ "identity_check": identity_check }))
}

/// A second one did, and the account is its owner's again.
pub(in crate::features::auth) fn account_restored(user: UserId, identity_check: &str) -> AuditEvent {
    AuditEvent::done("account.restored")
        .about(user)
        .with(json!({ "identity_check": identity_check }))
}
