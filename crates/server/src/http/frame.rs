//! Layer 2, the request frame: gives each request an id, finds out where it comes from, waits for its body, limits its time,
//! adds the headers every answer carries, completes problems with the request's id, counts the answer and writes one line
//! of access log.

use std::{net::SocketAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use stockade_domain::ids::RequestId;
use stockade_platform::random;
use tokio::time::timeout;

use super::{
    body,
    client_address::client_address,
    error::{ApiError, ApiResult, Problem},
    well_formed,
};
use crate::{
    app::App,
    config::{Config, Server},
    core::actor::Origin,
    security::rate_limit::Tally,
};

/// The header that carries the request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that most answers have at most.
const ROOM: usize = 24;

/// Longest `User-Agent` kept.
const USER_AGENT: usize = 512;

/// Headers of every answer that does not say otherwise. The API's answers are never cached, framed or sniffed (ASVS 3.4,
/// 14.3.2); pages that need more (Swagger UI) set their own policy of what may load.
const HEADERS: [(HeaderName, HeaderValue); 8] = [
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
    (header::CONTENT_SECURITY_POLICY, NOTHING_MAY_LOAD),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

const NOTHING_MAY_LOAD: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// What pages may use of a device: nothing but passkeys.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), publickey-credentials-create=(self), \
     publickey-credentials-get=(self)",
);

/// Has a request answered by what lies behind the frame.
pub async fn frame<F>(app: &App, mut request: Request, behind: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let started = app.clock.now();
    let request_id = random::uuid_v7(started);
    let server = &app.config.server;
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let origin = Origin {
        request_id: Some(RequestId::from_uuid(request_id)),
        ip: peer.map(|peer| client_address(server, request.headers(), peer)),
        user_agent: user_agent(request.headers()),
    };
    let ip = origin.ip;
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let trace = app.spans.begin(request.headers());
    let endpoint = app
        .traffic
        .endpoint(&method, route.as_ref().map(MatchedPath::as_str));
    let tally = Arc::new(Tally::new(endpoint.class));
    request.extensions_mut().insert(origin);
    request.extensions_mut().insert(tally);

    let last = well_formed::ends_connection(request.version(), request.headers());
    let answering = async {
        match whole(request, server).await {
            Ok(request) => behind(request).await,
            Err(refused) => refused.into_response(),
        }
    };
    // A handler that panics has failed this request, not the connection's others.
    let answering = pin!(AssertUnwindSafe(answering).catch_unwind());
    let mut response = match timeout(server.request_timeout, answering).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => ApiError::Fault("a handler panicked".to_owned()).into_response(),
        Err(_) => {
            let detail = "the request took too long; what it asked for may still happen, so repeat it with the same Idempotency-Key";
            Problem::new(StatusCode::REQUEST_TIMEOUT, "request.timeout", detail).into_response()
        }
    };
    let mut code = None;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        code = Some(problem.code);
        let mut others = std::mem::take(response.headers_mut());
        // The request's id makes the body longer.
        others.remove(header::CONTENT_LENGTH);
        response = problem.for_request(request_id).into_response();
        for (name, value) in &others {
            response
                .headers_mut()
                .entry(name)
                .or_insert_with(|| value.clone());
        }
    }
    let status = response.status();
    let headers = response.headers_mut();
    let own = std::mem::replace(headers, app.headers.clone());
    headers.extend(own);
    if last {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    let ended = app.clock.now();
    let micros = ended.as_microsecond() - started.as_microsecond();
    app.traffic
        .answered(endpoint, status, code, u64::try_from(micros).unwrap_or(0), ended);
    if let Some(trace) = trace {
        let route = route.as_ref().map(MatchedPath::as_str);
        app.spans
            .end(trace, &method, route, status, code, request_id, started, ended);
    }
    tracing::info!(
        target: "access",
        %request_id,
        %method,
        route = route.as_ref().map_or("unmatched", MatchedPath::as_str),
        status = status.as_u16(),
        code,
        ip = ip.map(tracing::field::display),
        micros,
    );
    response
}

/// The request with its whole body, if it is fit to be served.
async fn whole(request: Request, server: &Server) -> ApiResult<Request> {
    let (parts, body) = request.into_parts();
    well_formed::check(&parts)?;
    let request = Request::from_parts(parts, body);
    body::arrived(request, server.body_limit_bytes, server.body_timeout).await
}

/// What every answer starts from: [`HEADERS`], and that browsers should come by HTTPS only (RFC 6797), where they can.
pub fn headers(config: &Config) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(ROOM);
    headers.extend(HEADERS);
    let encrypted = config.tls.files().is_some() || config.server.public_url.starts_with("https://");
    let hsts = format!("max-age={}; includeSubDomains", config.server.hsts.as_secs());
    if let Ok(hsts) = HeaderValue::try_from(hsts)
        && encrypted
    {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    headers
}

fn user_agent(headers: &HeaderMap) -> Option<Arc<str>> {
    // Visible ASCII, so that it may be cut anywhere.
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text[..text.len().min(USER_AGENT)].into())
}

impl FromRequestParts<App> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
