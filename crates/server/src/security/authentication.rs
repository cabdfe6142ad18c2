//! Authentication: the bearer access token of a request (RFC 6750 §2.1) becomes a [`SignedIn`].

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
        auth::authenticate(app, bearer(&parts.headers)?, origin).await
    }
}

fn bearer(headers: &HeaderMap) -> ApiResult<&str> {
    let missing = || {
        let detail = "send the access token as `Authorization: Bearer …`; POST /api/v1/auth/login gives one";
        ApiError::from(Problem::unauthorized("token.missing", detail))
    };
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(missing())
    }
}
