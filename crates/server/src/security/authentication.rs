//! Authentication: who sends a request. An access token in the `Authorization` header (RFC 6750 §2.1), an API key in
//! `X-Api-Key`, or an access token in a browser's cookie becomes a [`SignedIn`]. Headers count before a cookie, and one
//! of them is enough; what a cookie authenticates must also prove that a page of ours sent it. A WebSocket's handshake may
//! carry a one-time ticket in its address instead.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    app::App,
    core::actor::{Origin, SignedIn},
    features::{api_keys, auth},
    http::error::{ApiError, ApiResult, Problem},
};

/// The header that carries an API key.
const API_KEY: &str = "x-api-key";

/// Who asks. The guard beside the route has found out; without a guard there is nobody.
impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> ApiResult<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            ApiError::Fault(format!(
                "{} has no guard: say `.may(…)` beside the route",
                parts.uri.path()
            ))
        })
    }
}

/// Finds out who asks.
///
/// # Errors
/// 401 when nobody, or nobody believable, does; 403 when a page of somebody else's may have sent the request.
pub(super) async fn authenticate(app: &App, parts: &Parts) -> ApiResult<SignedIn> {
    let headers = &parts.headers;
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
    let (token, key) = (bearer(headers)?, headers.get(API_KEY));
    match (token, key) {
        (Some(_), Some(_)) => {
            let detail = "send an access token or an API key, not both";
            Err(Problem::unauthorized("token.ambiguous", detail).into())
        }
        (Some(token), None) => auth::authenticate(app, token, headers, origin).await,
        (None, Some(key)) => {
            let key = key.to_str().unwrap_or_default();
            api_keys::authenticate(app, key, origin, async |owner, key, made_at| {
                auth::key_owner(app, owner, key, made_at).await
            })
            .await
        }
        (None, None) => {
            if let Some(ticket) = stream_ticket(parts) {
                return auth::redeem_stream_ticket(app, ticket, origin).await;
            }
            let token = auth::access_cookie(app, headers).ok_or_else(missing)?;
            let user = auth::authenticate(app, token, headers, origin).await?;
            auth::check_csrf(app, user.session, &parts.method, headers)?;
            if is_handshake(headers) {
                auth::check_handshake(app, headers)?;
            }
            Ok(user)
        }
    }
}

/// The ticket in the address of a WebSocket's handshake. Anywhere else an address proves nothing.
fn stream_ticket(parts: &Parts) -> Option<&str> {
    if !is_handshake(&parts.headers) || !parts.uri.path().ends_with("/stream") {
        return None;
    }
    let pairs = parts.uri.query()?.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("ticket=")).next()
}

/// Whether the connection is to become a WebSocket (RFC 6455 §4.2.1).
fn is_handshake(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// How closely somebody who stays connected is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Shared state is asked whether session or key was revoked.
    Glance,
    /// The database is asked whether they may still do what they do.
    Closer,
}

/// Whether somebody who was let in, and stays connected, would be let in again.
///
/// # Errors
/// When the database is away.
pub async fn is_still_signed_in(app: &App, user: &SignedIn, look: Look) -> ApiResult<bool> {
    let closer = look == Look::Closer;
    match user.api_key {
        Some(key) => api_keys::still_opens(app, user.id, key.id, closer).await,
        None => auth::is_still_open(app, user, closer).await,
    }
}

fn bearer(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(token.trim()))
    } else {
        Err(missing())
    }
}

fn missing() -> ApiError {
    let detail = "send the access token as `Authorization: Bearer …`, which POST /api/v1/auth/login gives, or an API key as \
                  `X-Api-Key: …`";
    Problem::unauthorized("token.missing", detail).into()
}
