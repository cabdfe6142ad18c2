//! A code for tokens (RFC 6749 §4.1.3), and questions asked with the access token. Everything here is dropped at
//! the end of the request.

use axum::http::{HeaderValue, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, de::DeserializeOwned};
use stockade_platform::web_client::WebRequest;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{departure, not_believed, redirect_uri, unavailable};
use crate::{
    app::App,
    config::OidcProvider,
    http::error::{ApiError, ApiResult},
};

/// How we say who we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    /// In the `Authorization` header.
    Basic,
    /// In the form.
    Post,
}

/// What a code was good for.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: Option<String>,
}

/// Turns a code in.
///
/// # Errors
/// 401 `oidc.not_verified` when the provider does not take it, 503 `oidc.provider_unavailable`.
pub(super) async fn turn_in(
    app: &App,
    provider: &OidcProvider,
    endpoint: &str,
    how: ClientAuthentication,
    code: &str,
    state: &str,
) -> ApiResult<Tokens> {
    let secret = app.config.oidc.secret(&provider.name);
    let secret = secret.ok_or_else(|| ApiError::Fault(format!("{} has no secret", provider.name)))?;
    let redirect_uri = redirect_uri(app, provider);
    let verifier = departure::verifier(app, state);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_verifier", verifier.as_str()),
    ];
    if how == ClientAuthentication::Post {
        form.extend([
            ("client_id", provider.client_id.as_str()),
            ("client_secret", secret),
        ]);
    }
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let mut request = WebRequest::post(endpoint, form)
        .map_err(|error| unavailable(provider, &error))?
        .header(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        )
        .header(header::ACCEPT, HeaderValue::from_static("application/json"));
    if how == ClientAuthentication::Basic {
        request = request.header(header::AUTHORIZATION, basic(&provider.client_id, secret)?);
    }
    let answer = app
        .web
        .send(request)
        .await
        .map_err(|error| unavailable(provider, &error))?;
    match answer.status {
        // GitHub says what is wrong in an answer of 200, which then has no tokens.
        StatusCode::OK => serde_json::from_slice(&answer.body)
            .map_err(|_| not_believed(provider, "the answer to the code holds no token")),
        status if status.is_client_error() => Err(not_believed(provider, "the code was not taken")),
        status => Err(unavailable(provider, &status)),
    }
}

/// Asks for what an access token may see.
///
/// # Errors
/// 503 `oidc.provider_unavailable`.
pub(super) async fn ask<T: DeserializeOwned>(
    app: &App,
    provider: &OidcProvider,
    url: &str,
    access_token: &str,
) -> ApiResult<T> {
    let bearer = Zeroizing::new(format!("Bearer {access_token}"));
    let bearer = hidden(&bearer)?;
    let request = WebRequest::get(url)
        .map_err(|error| unavailable(provider, &error))?
        .header(header::AUTHORIZATION, bearer)
        .header(header::ACCEPT, HeaderValue::from_static("application/json"));
    let answer = app
        .web
        .send(request)
        .await
        .map_err(|error| unavailable(provider, &error))?;
    if !answer.status.is_success() {
        return Err(unavailable(provider, &answer.status));
    }
    serde_json::from_slice(&answer.body).map_err(|_| unavailable(provider, &"not the answer it should be"))
}

/// RFC 6749 §2.3.1: both halves as in a form, then as in RFC 7617.
fn basic(id: &str, secret: &str) -> ApiResult<HeaderValue> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = Zeroizing::new(format!("{}:{}", encoded(id), encoded(secret)));
    hidden(&Zeroizing::new(format!(
        "Basic {}",
        BASE64.encode(pair.as_bytes())
    )))
}

/// A header that is printed nowhere.
fn hidden(text: &str) -> ApiResult<HeaderValue> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| ApiError::Fault("a credential that no header can hold".into()))?;
    value.set_sensitive(true);
    Ok(value)
}
