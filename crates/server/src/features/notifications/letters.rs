//! Which event is told, as which kind, and in which words.

use jiff::Timestamp;
use serde_json::Value;
use stockade_domain::{ids::SessionId, notices::Notice};

use super::words::{circumstances, time};
use crate::{
    core::audit::entries::EntryView,
    features::mail::{Letter, Link},
};

/// The kind of notice that an event is told as, if it is told at all.
pub(super) fn notice_of(kind: &str) -> Option<Notice> {
    Some(match kind {
        "account.locked" => Notice::SignInLocked,
        "account.unlocked" => Notice::SignInUnlocked,
        "sign_in.refused" => Notice::SignInRefused,
        "account.restricted" => Notice::AccountRestricted,
        "session.stolen" | "session.reuse_detected" => Notice::SessionTheft,
        "device.added" => Notice::NewDevice,
        "device.compromised" => Notice::DeviceCompromised,
        "device.trusted" => Notice::TrustedDevices,
        "second_factor.enabled" | "second_factor.disabled" => Notice::SecondFactor,
        "backup_codes.created" | "backup_code.used" => Notice::BackupCodes,
        "passkey.added" | "passkey.removed" | "passkey.cloned" => Notice::Passkeys,
        "oidc.linked" | "oidc.unlinked" => Notice::LinkedSignIns,
        "password.changed" => Notice::PasswordChanged,
        "account.not_me_reported" => Notice::NotMeReported,
        "signing_key.created" | "api_key.created" => Notice::SigningKeys,
        "profile.changed" | "profile.revealed" | "profile.exported" => Notice::PersonalData,
        "step_up.failed" => Notice::StepUpFailed,
        "withdrawal.requested" | "withdrawal.held" | "withdrawal.failed" => Notice::Withdrawals,
        "payee.added" => Notice::Payees,
        "price_alert.fired" => Notice::PriceAlerts,
        "order.held_for_review"
        | "withdrawal.held_for_review"
        | "review.approved"
        | "review.rejected"
        | "review.expired" => Notice::Reviews,
        "sign_in.succeeded" => Notice::SignIns,
        _ => return None,
    })
}

/// The sign-in that an event speaks of, which its owner may disown.
pub(super) fn sign_in_of(entry: &EntryView) -> Option<SessionId> {
    match entry.kind.as_str() {
        "device.added" | "device.compromised" | "sign_in.succeeded" => {
            entry.details.get("session")?.as_str()?.parse().ok()
        }
        _ => None,
    }
}

/// The letter that tells somebody of an event, or `None` when this one is nothing to tell. `not_me` is where its reader
/// says that the sign-in was not theirs.
pub(super) fn letter(entry: &EntryView, to: &str, home: &str, not_me: Option<String>) -> Option<Letter> {
    let said = |name: &str| entry.details.get(name).and_then(Value::as_str);
    let device = said("name").filter(|_| entry.kind.starts_with("device."));
    let Words { subject, first, last } = words(entry, &said)?;
    let letter = Letter::to(to, &subject).paragraph(first);
    let letter = circumstances(letter, entry, device);
    let letter = match last {
        Some(last) => letter.paragraph(last),
        None => letter,
    };
    let letter = match not_me {
        Some(url) => letter.paragraph(NOT_ME).link(Link::new("This wasn’t me", url)),
        None => letter,
    };
    let where_to = match said("symbol") {
        Some(symbol) => Link::new(format!("Look at {symbol}"), format!("{home}/markets/{symbol}")),
        None => Link::new("Look at my security settings", format!("{home}/security")),
    };
    Some(letter.link(where_to))
}

/// A letter's heading, what happened, and what to do about it.
struct Words {
    subject: String,
    first: String,
    last: Option<&'static str>,
}

const NOT_ME: &str = "If this was not you, say so within seven days. That signs everybody out, forgets the device, and lets \
                      nobody sign in until you have chosen a new password by mail.";
const NOT_YOU: &str = "If this was not you, change your password at once: that signs everybody else out.";
const STOLEN: &str = "Sign in again on your own device. If that was not you, a program or a person has had access to what your \
                      browser keeps: change your password, sign out everywhere, and look at that device.";
const NOT_YOU_FACTOR: &str = "If this was not you, somebody else is signed in to your account. Change your password at once, \
                              then look through your devices and second factors.";
const NOT_YOU_MONEY: &str = "If this was not you, cancel what is under way in your account, change your password at once, and tell \
                             whoever runs your Stockade.";

fn words<'e>(entry: &'e EntryView, said: &dyn Fn(&str) -> Option<&'e str>) -> Option<Words> {
    let tell = |subject: &str, first: String, last| {
        let subject = subject.to_owned();
        Some(Words { subject, first, last })
    };
    let plain = |subject, first: &str, last| tell(subject, first.to_owned(), last);
    match entry.kind.as_str() {
        "account.locked" => tell(
            "Sign-in to your account was locked",
            locked(said),
            Some(
                "Your password and your money are untouched. If it was not you who tried, there is nothing to do; a strong \
             password and a second factor keep it that way.",
            ),
        ),
        "sign_in.refused" => plain(
            "We refused a sign-in to your account",
            "Somebody gave your right password or passkey, but the sign-in was so unlike your own that we refused it.",
            Some(
                "If it was you, sign in again from a device and a place that you have used before. If it was not, somebody \
             knows your password: change it at once.",
            ),
        ),
        "account.unlocked" => plain(
            "Sign-in to your account was unlocked",
            match said("by") {
                Some("mail") => {
                    "The link in our mail was used, so new devices may sign in to your account again."
                }
                Some("password_reset") => {
                    "Your password was replaced by way of a link in a mail, so new devices may sign in to your account again."
                }
                _ => "An administrator unlocked sign-in to your account.",
            },
            None,
        ),
        "account.restricted" => plain(
            "Your account is restricted",
            "Somebody else may have got into your account, so it was frozen and everybody was signed out. You can sign in and \
             look; nothing can be traded, paid out or changed.",
            Some(
                "Tell whoever runs your Stockade. They will make sure that it is you and open the account again together with you.",
            ),
        ),
        "session.stolen" => plain(
            "A sign-in of yours turned up on another device",
            "Somebody used one of your sign-ins on a device that it was not made on. That looks like theft, so we ended that \
             sign-in at once. This is where it turned up:",
            Some(STOLEN),
        ),
        "session.reuse_detected" => plain(
            "A sign-in of yours was used twice",
            "A key of one of your sign-ins that was used up came back, as it does when somebody has copied it. We ended that \
             sign-in at once. This is where it came from:",
            Some(STOLEN),
        ),
        "device.added" => plain(
            "A new device signed in to your account",
            "Somebody signed in to your account from a device that we have not seen before. If it was you, there is nothing to do.",
            None,
        ),
        "device.compromised" => plain(
            "A device of yours appears to have been copied",
            "A device that you use turned up on another system, which a device does not do by itself. It is no longer trusted.",
            None,
        ),
        "device.trusted" => tell(
            "A device was marked as trusted",
            format!(
                "{} is trusted from now on: it may sign in while sign-in is locked for others.",
                said("name").unwrap_or("A device")
            ),
            Some(NOT_YOU_FACTOR),
        ),
        "second_factor.enabled" => plain(
            "Two-factor sign-in is on",
            &format!(
                "From now on, signing in to your account takes {} as well.",
                factor(said("method"))
            ),
            Some(NOT_YOU_FACTOR),
        ),
        "second_factor.disabled" => plain(
            "Two-factor sign-in was turned off",
            &format!(
                "Signing in to your account no longer takes {}.",
                factor(said("method"))
            ),
            Some(NOT_YOU_FACTOR),
        ),
        "backup_codes.created" => plain(
            "New backup codes were made",
            "New backup codes were made for your account. The ones from before no longer work.",
            Some(NOT_YOU_FACTOR),
        ),
        "backup_code.used" => tell(
            "A backup code was used",
            backup_code(entry.details.get("left").and_then(Value::as_i64)),
            Some(NOT_YOU_FACTOR),
        ),
        "passkey.added" => plain(
            "A passkey was added",
            "A passkey was added to your account. It can be used to sign in.",
            Some(NOT_YOU_FACTOR),
        ),
        "passkey.removed" => plain(
            "A passkey was removed",
            "A passkey was removed from your account and can no longer be used to sign in.",
            Some(NOT_YOU_FACTOR),
        ),
        "passkey.cloned" => plain(
            "A passkey of yours appears to have been copied",
            "A passkey of yours signed with a count that lay behind the one before, as it does when there are two of it. We did \
             not accept the signature.",
            Some("If it keeps happening, remove this passkey, and add a new one on a device that you trust."),
        ),
        // Who registers by way of a provider knows that they do.
        "oidc.linked" if said("how") == Some("registration") => None,
        "oidc.linked" => tell(
            "Another way to sign in was added",
            format!(
                "Your account at {} signs in to your account at Stockade from now on.",
                said("provider").unwrap_or("another provider")
            ),
            Some(NOT_YOU_FACTOR),
        ),
        "oidc.unlinked" => tell(
            "A way to sign in was taken away",
            format!(
                "Your account at {} no longer signs in to your account at Stockade.",
                said("provider").unwrap_or("another provider")
            ),
            Some(NOT_YOU_FACTOR),
        ),
        "password.changed" => plain(
            "Your password was changed",
            match said("how") {
                Some("reset") => {
                    "Your password was replaced by way of a link in a mail, and everybody was signed out."
                }
                _ => "Your password was changed, and every other sign-in was ended.",
            },
            Some(
                "If this was not you, choose a new password at once with “Forgot password?” on the sign-in page, and tell whoever runs your Stockade.",
            ),
        ),
        "account.not_me_reported" => tell(
            "Your account is locked to recovery",
            format!(
                "Somebody with a link from one of our mails said that a sign-in was not theirs. We ended it and closed sign-in \
                 until the password is replaced.{}",
                taken_away(&entry.details["taken_away"])
            ),
            Some("Choose a new password with “Forgot password?” on the sign-in page to get back in."),
        ),
        // The key that every sign-in of our own pages makes is nothing to tell.
        "signing_key.created" if entry.details.get("of_session") == Some(&Value::Bool(true)) => None,
        "signing_key.created" => plain(
            "A signing key was made",
            "A key was made that can sign orders and payments for your account.",
            Some(NOT_YOU_FACTOR),
        ),
        "api_key.created" => plain(
            "An API key was made",
            "A key was made that lets a program into your account.",
            Some(NOT_YOU_FACTOR),
        ),
        "profile.changed" => plain(
            "Your personal data was changed",
            "The personal data of your account was changed.",
            Some(NOT_YOU),
        ),
        "profile.revealed" => plain(
            "Your personal data was shown",
            "Personal data of your account, which is usually masked, was shown in full.",
            Some(NOT_YOU),
        ),
        "profile.exported" => plain(
            "Your data was exported",
            "All data of your account was exported.",
            Some(NOT_YOU),
        ),
        "step_up.failed" => plain(
            "Somebody failed to confirm that they are you",
            "Somebody who is signed in to your account was asked to confirm that they are you, and failed.",
            Some(NOT_YOU),
        ),
        "withdrawal.requested" => tell(
            "A withdrawal was asked for",
            format!(
                "{} is on its way to one of your payees.{}",
                money(said),
                held_back(said)
            ),
            Some(NOT_YOU_MONEY),
        ),
        "withdrawal.held" => tell(
            "A withdrawal is held back",
            format!("A withdrawal of {} waits.{}", money(said), held_back(said)),
            Some(NOT_YOU_MONEY),
        ),
        "withdrawal.failed" => tell(
            "A withdrawal came back",
            format!(
                "The bank sent a withdrawal of {} back. The cash is in your account again.",
                money(said)
            ),
            None,
        ),
        "order.held_for_review" | "withdrawal.held_for_review" => plain(
            "Something of yours waits for review",
            "An order or withdrawal from your account is unlike what you usually do. It waits, and what it needs is reserved, \
             until somebody has looked at it; after 24 hours it comes to nothing.",
            Some(
                "If it was you, say so in your account: that helps whoever looks. If it was not you, cancel it there and change \
                 your password at once.",
            ),
        ),
        "review.approved" => plain(
            "A review ended: it goes ahead",
            "What waited for review goes ahead as you asked.",
            Some(NOT_YOU_MONEY),
        ),
        "review.rejected" => plain(
            "A review ended: it was stopped",
            "What waited for review was stopped. Nothing was executed, and what it had reserved is free again.",
            None,
        ),
        "review.expired" => plain(
            "A review ended: its time was over",
            "Nobody had decided in time about what waited for review. Nothing was executed, and what it had reserved is free \
             again.",
            None,
        ),
        "payee.added" => tell(
            "A bank account to pay out to was added",
            format!(
                "{}, account {}, can receive cash from your account from now on.",
                said("name").unwrap_or("A bank account"),
                said("account").unwrap_or("unknown")
            ),
            Some(NOT_YOU_MONEY),
        ),
        "price_alert.fired" => {
            let (symbol, price) = (said("symbol")?, said("price")?);
            let (rose, or) = match said("condition") {
                Some("above") => ("risen to", "above"),
                _ => ("fallen to", "below"),
            };
            tell(
                &format!("{symbol} has {rose} {price}"),
                format!(
                    "You asked to be told when {symbol} is at {price} or {or}. It went to {}.",
                    said("met")?
                ),
                Some("This alert is done; make a new one if you want to be told again."),
            )
        }
        "sign_in.succeeded" => plain(
            "You signed in",
            "Somebody signed in to your account. If it was you, there is nothing to do.",
            None,
        ),
        _ => None,
    }
}

fn money<'e>(said: &dyn Fn(&str) -> Option<&'e str>) -> String {
    let (amount, currency) = (said("amount"), said("currency"));
    format!(
        "{} {}",
        amount.unwrap_or("An amount"),
        currency.unwrap_or_default()
    )
}

fn held_back<'e>(said: &dyn Fn(&str) -> Option<&'e str>) -> String {
    let until = said("held_until").and_then(|until| until.parse::<Timestamp>().ok());
    until.map_or_else(String::new, |until| {
        format!(
            " It does not go to the bank before {}, because your password, address or a second factor was changed.",
            time(until)
        )
    })
}

fn locked<'e>(said: &dyn Fn(&str) -> Option<&'e str>) -> String {
    let what = match said("authenticator") {
        Some("totp") => "the code of your second factor",
        Some("backup_code") => "a backup code",
        Some("passkey") => "a passkey",
        _ => "your password",
    };
    let whom = match said("devices") {
        Some("trusted") => "A device that you trust",
        _ => "Devices that you have not trusted",
    };
    let until = said("until").and_then(|until| until.parse::<Timestamp>().ok());
    let end = until.map_or_else(String::new, |until| format!(" until {}", time(until)));
    format!(
        "Somebody tried {what} too often and failed. {whom} cannot sign in with it{end}; after that it unlocks by itself."
    )
}

fn factor(method: Option<&str>) -> &'static str {
    match method {
        Some("totp") => "a code from your authenticator app",
        Some("passkey") => "a passkey",
        _ => "a second factor",
    }
}

fn backup_code(left: Option<i64>) -> String {
    let left = match left {
        Some(0) => " It was the last one: make new ones now.".to_owned(),
        Some(1) => " One is left.".to_owned(),
        Some(left) => format!(" {left} are left."),
        None => String::new(),
    };
    format!("A backup code was used in place of your second factor.{left}")
}

/// What was made since the sign-in that was disowned, as a sentence.
fn taken_away(counts: &Value) -> String {
    let kinds = [
        ("api_keys", "API key", "API keys"),
        ("signing_keys", "signing key", "signing keys"),
        ("passkeys", "passkey", "passkeys"),
        ("authenticator_apps", "authenticator app", "authenticator apps"),
        ("linked_sign_ins", "linked sign-in", "linked sign-ins"),
    ];
    let parts: Vec<String> = kinds
        .into_iter()
        .filter_map(
            |(kind, one, more)| match counts.get(kind).and_then(Value::as_u64)? {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {more}")),
            },
        )
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(
            " What was added since that sign-in was taken away: {}.",
            parts.join(", ")
        ),
    }
}
