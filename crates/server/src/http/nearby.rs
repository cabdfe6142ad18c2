//! Who sits at the machine itself: the only ones that development's own pages are shown to.
//!
//! The peer must be on the loopback, and nothing may have passed the request on: a proxy beside the server comes from the
//! loopback, too, but says for whom. To everybody else such a page does not exist.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use super::error::{ApiError, ApiResult, Problem};
use crate::app::App;

/// What proxies add, besides `X-Forwarded-…`.
const PASSED_ON: [&str; 6] = [
    "cf-connecting-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-real-ip",
];

/// Somebody at the machine on which development runs.
pub struct Nearby;

impl FromRequestParts<App> for Nearby {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_loopback = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
        if app.config.is_development() && is_loopback && !is_passed_on(&parts.headers) {
            return Ok(Self);
        }
        let detail = "this page exists in development only, for who sits at the machine itself";
        Err(Problem::not_found("route.unknown", detail).into())
    }
}

fn is_passed_on(headers: &HeaderMap) -> bool {
    let mut names = headers.keys().map(axum::http::HeaderName::as_str);
    names.any(|name| name.starts_with("x-forwarded-") || PASSED_ON.contains(&name))
}
