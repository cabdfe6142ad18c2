//! Sign-in with other people's accounts: OpenID Connect providers, and GitHub in its own dialect of OAuth 2.
//!
//! Invariants: only the browser that left comes back, once, within ten minutes, from the provider it went to
//! (`state`, a cookie, PKCE with S256, `nonce`, `iss`; RFC 9700 §2.1, RFC 9207). An account is recognised by
//! issuer and subject, never by its address; an address links only where the provider vouches for it. A second
//! factor is always asked for. What a provider issues (tokens) is used within one request and then dropped:
//! nothing here needs it later. Verifier and nonce come from the state by keyed hash, so they are stored nowhere.
//! No text of a provider's reaches a page.
//!
//! The protocol is ours rather than the `openidconnect` crate's: that one brings a second provider of cryptography
//! (`rsa`, `p256`, `ed25519-dalek`) and `chrono`, both of which this project keeps out. What it would save is
//! discovery, one form and a handful of claims; signatures are checked by `jsonwebtoken` with aws-lc, as
//! everywhere here.

mod admit;
pub(super) mod callback;
mod departure;
mod discovery;
mod exchange;
mod github;
mod id_token;
mod identity;
pub(super) mod links;
pub(super) mod start;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use stockade_platform::vault::{MacKey, MasterSecret};

use self::discovery::Known;
use crate::{
    app::App,
    config::OidcProvider,
    http::error::{ApiError, Problem},
};

/// What speaking with providers stands on.
pub(super) struct Providers {
    /// Makes the PKCE verifier of a state.
    verifier_key: MacKey,
    /// Makes the nonce of a state.
    nonce_key: MacKey,
    /// What providers said of themselves, by their name.
    known: Mutex<HashMap<String, Arc<Known>>>,
}

impl Providers {
    pub(super) fn new(secret: &MasterSecret) -> Self {
        Self {
            verifier_key: secret.mac_key("oidc verifiers"),
            nonce_key: secret.mac_key("oidc nonces"),
            known: Mutex::default(),
        }
    }
}

/// Where a provider sends people back to. Each has an address of its own, so that one cannot pass for another.
fn redirect_uri(app: &App, provider: &OidcProvider) -> String {
    let site = &app.config.server.public_url;
    format!("{site}/api/v1/auth/oidc/{}/callback", provider.name)
}

fn unknown_provider() -> Problem {
    Problem::not_found(
        "oidc.unknown_provider",
        "nobody signs in here with this provider's accounts",
    )
}

/// The provider did not answer, or not as it should. The log says why.
fn unavailable(provider: &OidcProvider, why: &dyn std::fmt::Display) -> ApiError {
    tracing::warn!(provider = %provider.name, %why, "a sign-in provider does not answer as it should");
    let detail = "the provider does not answer as it should; try again later, or sign in another way";
    Problem::unavailable("oidc.provider_unavailable", detail, 60).into()
}

/// What the provider said cannot be believed. The log says why.
fn not_believed(provider: &OidcProvider, why: &str) -> ApiError {
    tracing::warn!(provider = %provider.name, %why, "what a sign-in provider said was not believed");
    Problem::unauthorized(
        "oidc.not_verified",
        "what the provider said could not be verified; begin again",
    )
    .into()
}
