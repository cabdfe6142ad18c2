//! What a provider says of itself: its addresses and keys (OpenID Connect Discovery §4). Kept for an hour; asked
//! for again, once a minute at most, when a token names a key that is not known, since providers change theirs.

use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use stockade_platform::web_client::WebRequest;

use super::unavailable;
use crate::{app::App, config::OidcProvider, http::error::ApiResult};

const KEPT: SignedDuration = SignedDuration::from_hours(1);
const SOONEST: SignedDuration = SignedDuration::from_mins(1);

/// What is known of a provider.
pub(super) struct Known {
    pub(super) metadata: Metadata,
    pub(super) keys: Vec<Jwk>,
    asked_at: Timestamp,
}

/// OpenID Connect Discovery §3, as far as we need it.
#[derive(Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    jwks_uri: String,
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// RFC 9207 §3.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// Keys of kinds that we do not know are passed over.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// What is known, or what the provider says now.
pub(super) async fn of(app: &App, provider: &OidcProvider) -> ApiResult<Arc<Known>> {
    let known = app
        .auth
        .oidc
        .known
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&provider.name)
        .cloned();
    match known.filter(|known| app.clock.now() < known.asked_at + KEPT) {
        Some(known) => Ok(known),
        None => ask(app, provider).await,
    }
}

/// What the provider says now, unless it was asked a moment ago.
pub(super) async fn anew(app: &App, provider: &OidcProvider, known: &Known) -> ApiResult<Option<Arc<Known>>> {
    if app.clock.now() < known.asked_at + SOONEST {
        return Ok(None);
    }
    ask(app, provider).await.map(Some)
}

async fn ask(app: &App, provider: &OidcProvider) -> ApiResult<Arc<Known>> {
    let asked_at = app.clock.now();
    let base = provider.issuer.trim_end_matches('/');
    let metadata: Metadata = get(app, provider, &format!("{base}/.well-known/openid-configuration")).await?;
    check(&metadata, provider).map_err(|why| unavailable(provider, &why))?;
    let set: KeySet = get(app, provider, &metadata.jwks_uri).await?;
    let keys = set.keys.into_iter();
    let known = Arc::new(Known {
        keys: keys.filter_map(|key| serde_json::from_value(key).ok()).collect(),
        metadata,
        asked_at,
    });
    app.auth
        .oidc
        .known
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(provider.name.clone(), Arc::clone(&known));
    Ok(known)
}

/// A document that speaks for another issuer would let that one sign people in (Discovery §4.3); one that leads out of
/// TLS would let anybody.
fn check(metadata: &Metadata, provider: &OidcProvider) -> Result<(), &'static str> {
    if metadata.issuer != provider.issuer {
        return Err("it calls itself by another name than oidc.providers does");
    }
    let endpoints = [
        &metadata.authorization_endpoint,
        &metadata.token_endpoint,
        &metadata.jwks_uri,
    ];
    let mut all = endpoints.into_iter().chain(&metadata.userinfo_endpoint);
    if provider.issuer.starts_with("https://") && !all.all(|url| url.starts_with("https://")) {
        return Err("it names addresses that are not encrypted");
    }
    Ok(())
}

async fn get<T: DeserializeOwned>(app: &App, provider: &OidcProvider, url: &str) -> ApiResult<T> {
    let request = WebRequest::get(url).map_err(|error| unavailable(provider, &error))?;
    let answer = app
        .web
        .send(request)
        .await
        .map_err(|error| unavailable(provider, &error))?;
    if !answer.status.is_success() {
        return Err(unavailable(provider, &answer.status));
    }
    serde_json::from_slice(&answer.body).map_err(|_| unavailable(provider, &"not the document it should be"))
}
