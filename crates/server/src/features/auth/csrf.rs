//! Cross-site request forgery: a request that a browser's cookies authenticate must prove that a page of ours sent it.
//!
//! A signed double-submit token, bound to the session by HMAC, stands in a cookie and in the header `X-CSRF-Token`; and
//! the browser must say that the request comes from this origin (Fetch-Metadata, else Origin). ASVS 3.5.1, 3.5.3.
//! Requests with a bearer token carry nothing that a foreign page could make a browser send.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, HeaderName, Method, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Serialize;
use stockade_domain::ids::SessionId;
use stockade_platform::random;
use utoipa::ToSchema;

use super::{cookies, sign_in::answer::with_cookies};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiError, ApiResult, Problem},
};

/// Random bytes in front of a token's HMAC, so that no two tokens are alike.
const SALT: usize = 16;

/// What goes into the header `X-CSRF-Token`.
#[derive(Serialize, ToSchema)]
pub(super) struct CsrfToken {
    token: String,
}

#[utoipa::path(
    get, path = "/api/v1/auth/csrf", tag = "accounts",
    responses((status = 200, body = CsrfToken), (status = 401, body = Problem))
)]
pub(super) async fn show(State(app): State<App>, user: SignedIn) -> Response {
    let token = issue(&app, user.session);
    let set = with_cookies(cookies::csrf(&app, &token));
    (set, Answer(CsrfToken { token })).into_response()
}

/// A token of this session.
pub(super) fn issue(app: &App, session: SessionId) -> String {
    let salt: [u8; SALT] = random::bytes();
    let tag = app
        .auth
        .csrf_key
        .tag_parts(&[&salt, session.as_uuid().as_bytes()]);
    BASE64.encode([&salt[..], &tag].concat())
}

/// Refuses a request that its cookies authenticate and that may be forged. Safe methods change nothing and pass.
///
/// # Errors
/// 403 `csrf.cross_site`, `csrf.missing`, `csrf.invalid`.
pub fn check(app: &App, session: SessionId, method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    if method.is_safe() {
        return Ok(());
    }
    check_origin(app, headers)?;
    let sent = headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
    let kept = cookies::read(app, headers, cookies::CSRF);
    let (Some(sent), Some(kept)) = (sent, kept) else {
        let detail = "send the value of the CSRF cookie, or of GET /api/v1/auth/csrf, as X-CSRF-Token";
        return Err(Problem::forbidden("csrf.missing", detail).into());
    };
    let same = verify_slices_are_equal(sent.as_bytes(), kept.as_bytes()).is_ok();
    if same && is_of(app, session, sent) {
        return Ok(());
    }
    let detail = "X-CSRF-Token is not this session's; ask GET /api/v1/auth/csrf for one";
    Err(Problem::forbidden("csrf.invalid", detail).into())
}

fn is_of(app: &App, session: SessionId, token: &str) -> bool {
    BASE64.decode(token).is_ok_and(|bytes| {
        bytes.split_at_checked(SALT).is_some_and(|(salt, tag)| {
            let expected = app.auth.csrf_key.tag_parts(&[salt, session.as_uuid().as_bytes()]);
            verify_slices_are_equal(&expected, tag).is_ok()
        })
    })
}

/// Refuses the handshake of a WebSocket that a cookie authenticates and that a page of somebody else's began. Browsers let
/// any page begin one, with cookies, and say in `Origin` which it was (RFC 6455 §4.1, §10.2; ASVS 4.4.2). The server's own
/// name is what the browser called it by, or its public address.
///
/// # Errors
/// 403 `csrf.cross_site`.
pub fn check_handshake(app: &App, headers: &HeaderMap) -> ApiResult<()> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN).unwrap_or_default();
    let called = origin.split_once("://").map(|(_, authority)| authority);
    if origin == app.config.server.public_url || (called.is_some() && called == text(header::HOST)) {
        return Ok(());
    }
    Err(cross_site())
}

/// Refuses what a browser says comes from elsewhere, and what says nothing of it.
///
/// # Errors
/// 403 `csrf.cross_site`.
pub(super) fn check_origin(app: &App, headers: &HeaderMap) -> ApiResult<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN.as_str()) == Some(app.config.server.public_url.as_str()),
    };
    if ours {
        return Ok(());
    }
    Err(cross_site())
}

fn cross_site() -> ApiError {
    let detail = "a request with cookies must come from a page of this site; programs use bearer tokens";
    Problem::forbidden("csrf.cross_site", detail).into()
}
