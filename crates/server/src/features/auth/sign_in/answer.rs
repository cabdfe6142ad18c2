//! What a sign-in or a refresh is answered with: tokens in the body for programs, or in cookies that no script can read
//! for browsers.

use axum::{
    Json as Answer,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use stockade_domain::ids::UserId;
use utoipa::{IntoParams, ToSchema};

use super::{challenge::SecondFactorRequired, session::OpenSession};
use crate::{
    app::App,
    core::actor::Origin,
    features::{
        auth::{access_token::Bearer, cookies, csrf, users::UserView},
        devices::{DeviceReport, Seen},
        risk::RiskView,
    },
    http::error::ApiResult,
};

/// Where the session's tokens go.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::features::auth) struct SessionQuery {
    /// `cookie` puts the tokens into cookies; without it they stand in the body.
    #[param(inline)]
    session: Option<SessionKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::features::auth) enum SessionKind {
    Cookie,
}

impl SessionQuery {
    /// Tokens in cookies.
    pub(in crate::features::auth) const COOKIE: Self = Self {
        session: Some(SessionKind::Cookie),
    };
    /// Tokens in the body.
    pub(in crate::features::auth) const BODY: Self = Self { session: None };

    /// The device of a sign-in that is answered in this way.
    pub(in crate::features::auth) fn device(
        self,
        app: &App,
        headers: &HeaderMap,
        origin: &Origin,
        report: Option<DeviceReport>,
    ) -> Seen {
        let seen = Seen::of(app, headers, origin, report);
        match self.session {
            Some(SessionKind::Cookie) => seen.keeping_cookies(),
            None => seen,
        }
    }

    /// A page of another site must not sign its visitor in under a name of its choosing (login CSRF).
    ///
    /// # Errors
    /// 403 `csrf.cross_site`.
    pub(in crate::features::auth) fn check_origin(self, app: &App, headers: &HeaderMap) -> ApiResult<()> {
        match self.session {
            Some(SessionKind::Cookie) => csrf::check_origin(app, headers),
            None => Ok(()),
        }
    }
}

/// Somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct SignedInAnswer {
    /// Sent as `Authorization: Bearer …`. Absent when it is in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// Turned in at `/auth/refresh` for the next pair, once. Absent when it is in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// `bearer`, or `cookie`.
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    expires_in: i64,
    user: UserView,
    /// How risky the sign-in looked. Absent at a refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<RiskView>,
}

/// What `/auth/login` answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::features::auth) enum LoginAnswer {
    /// Somebody is signed in.
    SignedIn(SignedInAnswer),
    /// The account asks for more than the password.
    SecondFactor(SecondFactorRequired),
}

/// A session's tokens, and the id of a device that had none.
pub(in crate::features::auth) fn session(
    app: &App,
    mode: SessionQuery,
    opened: OpenSession,
    device: Option<HeaderValue>,
) -> ApiResult<Response> {
    let bearer = Bearer {
        user: UserId::from_uuid(opened.user.id),
        session: opened.id,
        amr: &opened.amr,
        auth_time: opened.auth_time,
        device_hash: opened.binding,
    };
    let access_token = app.auth.access.issue(&bearer, app.clock.now())?;
    let refresh_token = opened.refresh_token.as_str().to_owned();
    let in_cookies = mode.session == Some(SessionKind::Cookie);
    let set = match in_cookies {
        true => cookies::session(app, &access_token, &refresh_token, &csrf::issue(app, opened.id)),
        false => Vec::new(),
    };
    let body = SignedInAnswer {
        access_token: (!in_cookies).then_some(access_token),
        refresh_token: (!in_cookies).then_some(refresh_token),
        token_type: if in_cookies { "cookie" } else { "bearer" },
        expires_in: app.auth.access.life().as_secs(),
        user: opened.user,
        risk: opened.risk,
    };
    Ok((
        with_cookies(set),
        with_device(device),
        Answer(LoginAnswer::SignedIn(body)),
    )
        .into_response())
}

/// A sign-in that waits for its second factor.
pub(super) fn challenge(challenge: SecondFactorRequired, device: Option<HeaderValue>) -> Response {
    (with_device(device), Answer(LoginAnswer::SecondFactor(challenge))).into_response()
}

fn with_device(cookie: Option<HeaderValue>) -> AppendHeaders<Vec<(HeaderName, HeaderValue)>> {
    AppendHeaders(
        cookie
            .map(|cookie| (header::SET_COOKIE, cookie))
            .into_iter()
            .collect(),
    )
}

/// `Set-Cookie` lines.
pub(in crate::features::auth) fn with_cookies(
    lines: Vec<String>,
) -> AppendHeaders<Vec<(HeaderName, String)>> {
    AppendHeaders(lines.into_iter().map(|line| (header::SET_COOKIE, line)).collect())
}
