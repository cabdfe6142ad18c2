//! The words of this feature's mails. Links carry the configured public address, never the request's Host.

use jiff::Timestamp;

use super::opaque::OpaqueToken;
use crate::{
    app::App,
    features::mail::{Letter, Link},
};

/// To somebody who registers: the link that brings the account into being, one for each time they did.
pub(super) fn confirm_address(app: &App, email: &str, links: &[(Timestamp, OpaqueToken)]) -> Letter {
    let minutes = app.config.registration.link.as_secs() / 60;
    let mut letter = Letter::to(email, "Confirm your address")
        .paragraph("Somebody registered at Stockade with this address. If it was you, confirm it here, with the password you chose:");
    for (asked_at, token) in links {
        let words = match links {
            [_] => "Confirm my address".to_owned(),
            _ => format!("Confirm what was asked at {} UTC", asked_at.strftime("%H:%M:%S")),
        };
        letter = letter.link(link(app, words, "confirm", token));
    }
    letter.paragraph(format!("The link works once, for {minutes} minutes. If it was not you, do nothing: without it there is no account."))
}

/// To somebody who forgot their password.
pub(super) fn reset_password(app: &App, email: &str, token: &OpaqueToken) -> Letter {
    let minutes = app.config.passwords.reset_link.as_secs() / 60;
    Letter::to(email, "Choose a new password")
        .paragraph("Somebody asked for a new password for your account at Stockade. If it was you, choose it here:")
        .link(link(app, "Choose a new password", "reset-password", token))
        .paragraph(format!("The link works once, for {minutes} minutes. It signs you out everywhere, and a second factor is still asked when you sign in."))
        .paragraph("If it was not you, do nothing: your password stays as it is.")
}

/// To the owner of an address with which somebody tried to register.
pub(super) fn address_taken(app: &App, email: &str) -> Letter {
    Letter::to(email, "You already have an account")
        .paragraph("Somebody tried to register at Stockade with this address, which belongs to your account.")
        .paragraph("If it was you, sign in with your password instead. If it was not you, nothing has happened and there is nothing to do.")
        .link(Link::new("Stockade", app.config.server.public_url.clone()))
}

/// To the address that is to be somebody's new one.
pub(super) fn confirm_new_address(app: &App, email: &str, token: &OpaqueToken) -> Letter {
    let minutes = app.config.registration.link.as_secs() / 60;
    Letter::to(email, "Confirm your new address")
        .paragraph("Somebody wants to sign in at Stockade with this address from now on. If it was you, confirm it here:")
        .link(link(app, "Confirm my new address", "confirm-email", token))
        .paragraph(format!("The link works once, for {minutes} minutes. If it was not you, do nothing."))
}

/// To the owner of an address that somebody wants to move their account to.
pub(super) fn address_wanted(app: &App, email: &str) -> Letter {
    Letter::to(email, "Your address stays yours")
        .paragraph("Somebody wanted to move their account at Stockade to this address, which belongs to your account. Nothing has happened, and there is nothing to do.")
        .link(Link::new("Stockade", app.config.server.public_url.clone()))
}

/// To the present address of somebody who asked for another one.
pub(super) fn address_about_to_change(email: &str) -> Letter {
    Letter::to(email, "Your address is about to change")
        .paragraph("Somebody signed in to your account at Stockade asked to move it to another address. It moves once a link in a mail to that address is confirmed.")
        .paragraph("If it was not you, change your password now: that voids the link and signs everybody else out.")
}

/// To the address somebody had.
pub(super) fn address_changed(email: &str) -> Letter {
    Letter::to(email, "Your address was changed")
        .paragraph("Your account at Stockade has another address from now on, and everybody was signed out. Mail about it goes there.")
        .paragraph("If it was not you, tell whoever runs your Stockade at once.")
}

fn link(app: &App, words: impl Into<String>, page: &str, token: &OpaqueToken) -> Link {
    let url = format!("{}/{page}?token={}", app.config.server.public_url, token.as_str());
    Link::new(words, url)
}

/// To somebody whose account was frozen and is theirs again.
pub(super) fn account_restored(app: &App, email: &str, token: &OpaqueToken) -> Letter {
    Letter::to(email, "Your account is yours again")
        .paragraph("We have made sure that it is you, and opened your account at Stockade again. Choose a new password to get back in:")
        .link(link(app, "Choose a new password", "reset-password", token))
        .paragraph("The link works once, for 24 hours; after that, ask for another one with “Forgot password?” on the sign-in page.")
        .paragraph("Everybody was signed out. Your second factor, backup codes, trusted devices and whatever was added to your account since the trouble began were taken away: set up a second factor again once you are in. For a day, nothing is paid out.")
}

/// To somebody without a second factor who is asked to prove that it is them.
pub(super) fn step_up_code(email: &str, code: &str) -> Letter {
    Letter::to(email, "Your code for Stockade")
        .paragraph(format!("Your code is {code}. It works for five minutes, and only for what you were about to do."))
        .paragraph("Nobody from Stockade will ever ask you for it. If you did not ask for a code, somebody else is signed in as you: end your sessions and change your password.")
}

/// To somebody whose sign-in is to be confirmed by mail.
pub(super) fn sign_in_code(email: &str, code: &str) -> Letter {
    Letter::to(email, "Your code to sign in")
        .paragraph("Somebody gave your password at Stockade, on a device or in a way that is not usual for you. If it was you, type this code:")
        .code(code)
        .paragraph("It works for ten minutes, and only where the password was typed. Nobody from Stockade will ever ask you for it.")
        .paragraph("If it was not you, somebody knows your password: change it now. Without the code they do not get in.")
}

/// To somebody at whose account strangers failed very often in a row.
pub(super) fn confirm_sign_ins(app: &App, email: &str, token: &OpaqueToken) -> Letter {
    Letter::to(email, "Confirm that you want to sign in")
        .paragraph("Sign-ins to your account at Stockade failed very often in a row, so it is closed to devices that you have not marked as trusted. Your trusted devices are not affected.")
        .link(link(app, "Let new devices sign in again", "confirm-sign-ins", token))
        .paragraph("The link works once, for seven days. If you did not try to sign in, leave it closed, and use the link when you need it. Nobody has got in.")
}
