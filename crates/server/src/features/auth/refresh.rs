//! `POST /auth/refresh`: turns a refresh token in for the next pair.
//!
//! A token is turned in once. The device that did so may repeat it for half a minute, as long as the successor is
//! unused, and gets the same successor: a lost answer must not sign people out. Any other reuse means that two hold the
//! token, and the family ends (RFC 9700 §4.14.2).

use axum::{Json as Answer, extract::State, http::HeaderMap};
use serde::Deserialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{
    device::device_hash,
    events,
    login::{Grant, Tokens, tokens},
    opaque::{self, OpaqueToken},
    revocations,
    store::{
        sessions::{self, Refresh},
        signing_keys,
    },
    users::UserView,
};
use crate::{
    app::App,
    core::{
        actor::Origin,
        change::{Change, Outcome},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// The refresh token of the newest pair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshAsk {
    refresh_token: String,
}

#[utoipa::path(
    post, path = "/auth/refresh", tag = "accounts", request_body = RefreshAsk,
    params(("X-Device-Id" = Option<String>, Header, description = "Names the device; without it the user agent does.")),
    responses((status = 200, body = Tokens), (status = 401, body = Problem))
)]
pub(super) async fn refresh(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Json(ask): Json<RefreshAsk>,
) -> ApiResult<Answer<Tokens>> {
    let device = device_hash(&headers);
    let presented = ask.refresh_token;
    let successor = OpaqueToken::successor(&presented, &app.auth.refresh_key);
    let turn = Turn {
        presented: opaque::hash(&presented),
        successor: successor.hash(),
        device,
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
    let grant = Grant {
        user,
        session: refreshed.session,
        amr: refreshed.amr,
        auth_time: holder.created_at,
        device_hash: refreshed.device_hash,
        refresh_token: successor,
    };
    tokens(&app, grant, app.clock.now())
}

/// What is turned in, by hash.
struct Turn {
    presented: [u8; 32],
    successor: [u8; 32],
    device: [u8; 32],
}

/// A reuse is committed, since it ends the family, and refused all the same.
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
        if sessions::use_refresh(change, self.presented, self.device, now).await? {
            let expires_at = now + app.config.tokens.refresh;
            sessions::insert_refresh(change, self.successor, session, expires_at)?;
            sessions::extend(change, session, expires_at)?;
            return change.commit(events::session_refreshed(user, session, false), Ok(token));
        }
        if self.may_repeat(app, change, &token).await? {
            return change.commit(events::session_refreshed(user, session, true), Ok(token));
        }
        sessions::revoke(change, user, session, now).await?;
        signing_keys::revoke_of_session(change, session, now)?;
        let app = app.clone();
        change.after_commit(async move { revocations::mark(&app, &[session]).await });
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
