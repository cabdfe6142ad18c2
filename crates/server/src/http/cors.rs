//! Cross-origin requests (Fetch standard): none by default. Sites that are listed may call the API with tokens; cookies are
//! never sent on their behalf, because no answer says `Access-Control-Allow-Credentials`.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::Server;

/// What scripts may send.
const SENT: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("x-algorithm"),
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-device-id"),
    HeaderName::from_static("x-key-id"),
    HeaderName::from_static("x-nonce"),
    HeaderName::from_static("x-signature"),
    HeaderName::from_static("x-step-up"),
    HeaderName::from_static("x-timestamp"),
];

/// What scripts may read beyond what every script may.
const READ: [HeaderName; 5] = [
    header::LOCATION,
    header::RETRY_AFTER,
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    HeaderName::from_static("x-request-id"),
];

/// Answers preflights of listed origins and lets their scripts read answers; nothing when none is listed.
pub fn layer(server: &Server) -> Option<CorsLayer> {
    if server.cors_origins.is_empty() {
        return None;
    }
    let origins = server.cors_origins.iter();
    let origins = origins.filter_map(|origin| HeaderValue::from_str(origin).ok());
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(SENT)
        .expose_headers(READ)
        .max_age(Duration::from_secs(600));
    Some(layer)
}
