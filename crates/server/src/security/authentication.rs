//! Authentication: the access token of a request, in its `Authorization` header (RFC 6750 §2.1) or in a browser's cookie,
//! becomes a [`SignedIn`]. A header counts before a cookie; what a cookie authenticates must also prove that a page of ours
//! sent it.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    app::App,
    core::actor::{Origin, SignedIn},
    features::auth,
    http::error::{ApiError, ApiResult, Problem},
};

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        if let Some(token) = bearer(&parts.headers)? {
            return auth::authenticate(app, token, &parts.headers, origin).await;
        }
        let Some(token) = auth::access_cookie(app, &parts.headers) else {
            return Err(missing());
        };
        let user = auth::authenticate(app, token, &parts.headers, origin).await?;
        auth::check_csrf(app, user.session, &parts.method, &parts.headers)?;
        Ok(user)
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
    let detail = "send the access token as `Authorization: Bearer …`; POST /api/v1/auth/login gives one";
    Problem::unauthorized("token.missing", detail).into()
}
