//! Leaving for a provider, and being the one who left when coming back.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::{SignedDuration, Timestamp};
use stockade_platform::db::{DbResult, Tx, Writable};
use url::Url;

use super::{discovery, github, redirect_uri, unavailable};
use crate::{
    app::App,
    config::{OidcKind, OidcProvider},
    core::bookkeeping::bookkeep,
    features::auth::{
        cookies,
        opaque::{self, OpaqueToken},
        store::oidc_states::{self, LinkFor, NewState, Taken},
    },
    http::error::ApiResult,
};

/// How long the way there and back may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Somebody about to leave.
#[derive(Clone)]
pub(super) struct Departure {
    provider: String,
    url: String,
    state: OpaqueToken,
    browser: OpaqueToken,
}

impl Departure {
    /// Finds out where to go (OpenID Connect Core §3.1.2.1; RFC 7636 §4.3).
    pub(super) async fn new(app: &App, provider: &OidcProvider) -> ApiResult<Self> {
        let (state, browser) = (OpaqueToken::new(), OpaqueToken::new());
        let endpoint = match provider.kind {
            OidcKind::Oidc => discovery::of(app, provider)
                .await?
                .metadata
                .authorization_endpoint
                .clone(),
            OidcKind::GitHub => github::authorization_endpoint(provider),
        };
        let mut url = Url::parse(&endpoint).map_err(|error| unavailable(provider, &error))?;
        let challenge = BASE64.encode(digest(&SHA256, verifier(app, state.as_str()).as_str().as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &redirect_uri(app, provider))
            .append_pair("scope", &provider.scopes)
            .append_pair("state", state.as_str())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if provider.kind == OidcKind::Oidc {
            url.query_pairs_mut()
                .append_pair("nonce", nonce(app, state.as_str()).as_str());
        }
        Ok(Self {
            provider: provider.name.clone(),
            url: url.into(),
            state,
            browser,
        })
    }

    /// Where to go.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// `Set-Cookie` for the browser that goes.
    pub(super) fn cookie(&self, app: &App) -> String {
        cookies::oidc(app, self.browser.as_str(), LIFE.as_secs())
    }

    pub(super) fn insert(
        &self,
        on: &mut impl Writable,
        link: Option<LinkFor>,
        now: Timestamp,
    ) -> DbResult<()> {
        let state = NewState {
            state_hash: self.state.hash(),
            browser_hash: self.browser.hash(),
            provider: &self.provider,
            link,
            expires_at: now + LIFE,
        };
        oidc_states::insert(on, &state)
    }
}

/// Takes the state of a browser that is back; `None` unless it is the one that left, for this provider, and for the
/// first time.
pub(super) async fn arrive(
    app: &App,
    headers: &HeaderMap,
    provider: &OidcProvider,
    state: &str,
) -> ApiResult<Option<Taken>> {
    let Some(browser) = cookies::read(app, headers, cookies::OIDC) else {
        return Ok(None);
    };
    let (state, browser) = (opaque::hash(state), opaque::hash(browser));
    let (provider, now) = (provider.name.clone(), app.clock.now());
    let taken = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        oidc_states::take(tx, state, browser, &provider, now).await
    });
    Ok(taken.await?)
}

/// The PKCE verifier of a state (RFC 7636 §4.1): 43 letters that only this server can make.
pub(super) fn verifier(app: &App, state: &str) -> OpaqueToken {
    OpaqueToken::successor(state, &app.auth.oidc.verifier_key)
}

/// The nonce of a state (OpenID Connect Core §15.5.2).
pub(super) fn nonce(app: &App, state: &str) -> OpaqueToken {
    OpaqueToken::successor(state, &app.auth.oidc.nonce_key)
}
