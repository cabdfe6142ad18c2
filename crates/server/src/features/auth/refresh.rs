//! `POST /auth/refresh`: turns a refresh token, of the body or of its cookie, in for the next pair.
//!
//! A token is turned in once. The device that did so may repeat it for half a minute, as long as the successor is
//! unused, and gets the same successor: a lost answer must not sign people out. Any other reuse means that two hold the
//! token, and the family ends (RFC 9700 §4.14.2). So it does when the token comes from another device.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    response::Response,
};
use serde::Deserialize;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;

use super::{
    cookies, csrf, events,
    opaque::{self, OpaqueToken},
    restriction::{self, Indicator},
    revocations,
    sign_in::{
        answer::{self, SessionQuery, SignedInAnswer},
        session::OpenSession,
    },
    store::sessions::{self, Refresh},
    theft,
    users::UserView,
};
use crate::{
    app::App,
    core::{
        actor::Origin,
        change::{Change, Outcome},
    },
    features::devices,
    http::{
        error::{ApiResult, Problem},
        json,
    },
    security::rate_limit::Counted,
};

/// The refresh token of the newest pair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshAsk {
    refresh_token: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "accounts", request_body = Option<RefreshAsk>,
    params(("X-Device-Id" = Option<String>, Header, description = "Names the device; whoever names it at the sign-in does so ever after. Without it the user agent counts.")),
    extensions(("x-rate-limit" = json!("refresh"))),
    responses((status = 200, body = SignedInAnswer), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(super) async fn refresh(State(app): State<App>, origin: Origin, request: Request) -> ApiResult<Response> {
    let headers = request.headers().clone();
    let counted = Counted::of(request.extensions());
    let body = json::read(request, app.config.server.body_limit_bytes).await?;
    let (presented, mode) = match body.is_empty() {
        true => (of_cookie(&app, &headers)?, SessionQuery::COOKIE),
        false => {
            json::check_content_type(&headers)?;
            (
                json::parse::<RefreshAsk>(&body)?.refresh_token,
                SessionQuery::BODY,
            )
        }
    };
    let presented_hash = opaque::hash(&presented);
    let owner: DbResult<Option<UserId>> = {
        let now = app.clock.now();
        app.read(async move |reader: &mut Reader| sessions::refresh_owner(reader, presented_hash, now).await)
            .await
    };
    if let Some(owner) = owner? {
        counted.on(&app, owner).await?;
    }
    let device = devices::binding(&app, &headers);
    let successor = OpaqueToken::successor(&presented, &app.auth.refresh_key);
    let turn = Turn {
        presented: presented_hash,
        successor: successor.hash(),
        device,
        by_cookie: body.is_empty(),
        headers,
    };
    let turned_in = app
        .change(&origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| turn.run(&app, change).await
        })
        .await?;
    let refreshed = turned_in?;
    let holder = refreshed.holder;
    let user = UserView {
        id: holder.user.as_uuid(),
        email: holder.email,
        name: holder.name,
        role: holder.role,
    };
    let opened = OpenSession {
        user,
        id: refreshed.session,
        amr: refreshed.amr,
        auth_time: holder.created_at,
        binding: refreshed.device_hash,
        refresh_token: successor,
        risk: None,
    };
    answer::session(&app, mode, opened, None)
}

fn of_cookie(app: &App, headers: &HeaderMap) -> ApiResult<String> {
    csrf::check_origin(app, headers)?;
    let detail =
        "send the refresh token in the body, or in the cookie that a sign-in with ?session=cookie sets";
    let missing = || Problem::unauthorized("refresh.missing", detail);
    Ok(cookies::read(app, headers, cookies::REFRESH)
        .ok_or_else(missing)?
        .to_owned())
}

/// What is turned in, by hash.
struct Turn {
    presented: [u8; 32],
    successor: [u8; 32],
    device: [u8; 32],
    /// Whether cookies authenticate the request.
    by_cookie: bool,
    headers: HeaderMap,
}

/// A reuse or theft is committed, since it ends the family, and refused all the same.
type TurnedIn = ApiResult<Refresh>;

impl Turn {
    async fn run(&self, app: &App, change: &mut Change<'_>) -> ApiResult<Outcome<TurnedIn>> {
        let now = change.now();
        let Some(token) = sessions::lock_refresh(change, self.presented).await? else {
            return change.refuse(events::refresh_refused("refresh.invalid"), invalid());
        };
        if token.holder.ended || token.expires_at <= now {
            let event = events::refresh_refused("refresh.ended").about(token.holder.user);
            return change.refuse(event, ended());
        }
        let (user, session) = (token.holder.user, token.session);
        if self.by_cookie {
            csrf::check(app, session, &Method::POST, &self.headers)?;
        }
        if token.used_at.is_none() && devices::is_clearly_other(app, &self.headers, &token.device_hash) {
            end(app, change, user, session).await?;
            restriction::note(app, change, user, Indicator::StolenToken).await?;
            let event = events::session_stolen(user, session, token.holder.device);
            return change.commit(event, Err(theft::stolen()));
        }
        if sessions::use_refresh(change, self.presented, self.device, now).await? {
            let expires_at = now + app.config.tokens.refresh;
            sessions::insert_refresh(change, self.successor, session, expires_at)?;
            sessions::extend(change, session, expires_at)?;
            return change.commit(events::session_refreshed(user, session, false), Ok(token));
        }
        if self.may_repeat(app, change, &token).await? {
            return change.commit(events::session_refreshed(user, session, true), Ok(token));
        }
        end(app, change, user, session).await?;
        restriction::note(app, change, user, Indicator::ReusedToken).await?;
        change.commit(events::reuse_detected(user, session), Err(reused().into()))
    }

    async fn may_repeat(&self, app: &App, change: &mut Change<'_>, token: &Refresh) -> DbResult<bool> {
        let in_time = token
            .used_at
            .is_some_and(|used_at| change.now() <= used_at + app.config.tokens.refresh_retry);
        let same_device = token.used_by == Some(self.device);
        Ok(in_time && same_device && sessions::is_unused(change, self.successor).await?)
    }
}

async fn end(app: &App, change: &mut Change<'_>, user: UserId, session: SessionId) -> DbResult<()> {
    let now = change.now();
    sessions::revoke(change, user, session, now).await?;
    revocations::follow_up(app, change, vec![session])
}

fn invalid() -> Problem {
    Problem::unauthorized(
        "refresh.invalid",
        "this is no refresh token of ours; sign in again",
    )
}

fn ended() -> Problem {
    Problem::unauthorized("refresh.ended", "this session has ended; sign in again")
}

fn reused() -> Problem {
    let detail = "this refresh token was used before, so somebody else may hold it; the session was ended, sign in again";
    Problem::unauthorized("refresh.reused", detail)
}
