//! The request frame: gives each request an id, finds out where it comes from, adds the headers every answer carries,
//! completes problems with the request's id, and writes one line of access log.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use stockade_domain::ids::RequestId;
use stockade_platform::random;

use super::error::{ApiError, Problem};
use crate::{app::App, core::actor::Origin};

/// The header that carries the request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest `User-Agent` kept.
const USER_AGENT: usize = 512;

/// Headers of every answer. The API's answers are never cached, framed or sniffed (ASVS 3.4, 14.3.2).
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Pages that need more (Swagger UI) set their own policy.
const NOTHING_MAY_LOAD: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The outermost layer of the router.
pub async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = app.clock.now();
    let request_id = random::uuid_v7(started);
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let origin = Origin {
        request_id: Some(RequestId::from_uuid(request_id)),
        ip: peer.map(|peer| client_address(&app, request.headers(), peer)),
        user_agent: user_agent(request.headers()),
    };
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    request.extensions_mut().insert(origin);

    let answered = tokio::time::timeout(app.config.server.request_timeout, next.run(request));
    let mut response = answered.await.unwrap_or_else(|_| {
        let detail = "the request took too long; what it asked for may still happen, so repeat it with the same Idempotency-Key";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "request.timeout", detail).into_response()
    });
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.for_request(request_id).into_response();
    }
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(NOTHING_MAY_LOAD);
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    tracing::info!(
        target: "access",
        %request_id,
        %method,
        route = route.as_ref().map_or("unmatched", MatchedPath::as_str),
        status = status.as_u16(),
        micros = app.clock.now().as_microsecond() - started.as_microsecond(),
    );
    response
}

/// The peer's address, or, when the peer is a trusted proxy, the nearest address in `X-Forwarded-For` that is not one.
fn client_address(app: &App, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let server = &app.config.server;
    if !server.is_trusted_proxy(peer) {
        return peer;
    }
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> = forwarded
        .flat_map(|list| list.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    hops.into_iter()
        .rev()
        .find(|hop| !server.is_trusted_proxy(*hop))
        .unwrap_or(peer)
}

fn user_agent(headers: &HeaderMap) -> Option<Arc<str>> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(USER_AGENT).collect::<String>().into())
}

impl FromRequestParts<App> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
