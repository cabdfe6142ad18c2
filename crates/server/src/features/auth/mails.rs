//! The words of this feature's mails. Links carry the configured public address, never the request's Host.

use super::opaque::OpaqueToken;
use crate::{
    app::App,
    features::mail::{Letter, Link},
};

/// To somebody who registers: the link that brings the account into being.
pub(super) fn confirm_address(app: &App, email: &str, token: &OpaqueToken) -> Letter {
    let minutes = app.config.registration.link.as_secs() / 60;
    Letter::to(email, "Confirm your address")
        .paragraph("Somebody registered at Stockade with this address. If it was you, confirm it here:")
        .link(Link::new("Confirm my address", format!("{}/confirm?token={}", app.config.server.public_url, token.as_str())))
        .paragraph(format!("The link works once, for {minutes} minutes. If it was not you, do nothing: without it there is no account."))
}

/// To the owner of an address with which somebody tried to register.
pub(super) fn address_taken(app: &App, email: &str) -> Letter {
    Letter::to(email, "You already have an account")
        .paragraph("Somebody tried to register at Stockade with this address, which belongs to your account.")
        .paragraph("If it was you, sign in with your password instead. If it was not you, nothing has happened and there is nothing to do.")
        .link(Link::new("Stockade", app.config.server.public_url.clone()))
}
