//! `POST /auth/logout`: ends this session, or all of the person's. Their tokens are refused from the answer on.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use stockade_domain::ids::SessionId;
use utoipa::ToSchema;

use super::{
    cookies,
    events::{self, SignedOutOf},
    revocations,
    sign_in::answer::with_cookies,
    store::{sessions, signing_keys},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::{
        error::{ApiResult, Problem},
        json,
    },
};

/// What to end; an empty body means this session.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Logout {
    /// Every session of yours, this one included.
    #[serde(default)]
    all: bool,
}

#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "accounts", request_body = Option<Logout>,
    extensions(("x-rate-limit" = json!("refresh"))),
    responses((status = 204, description = "Signed out."), (status = 401, body = Problem))
)]
pub(super) async fn logout(State(app): State<App>, user: SignedIn, request: Request) -> ApiResult<Response> {
    let in_cookies = cookies::read(&app, request.headers(), cookies::REFRESH).is_some();
    let ask = read(request, app.config.server.body_limit_bytes).await?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let now = change.now();
            let (ended, out_of) = if ask.all {
                (
                    sessions::revoke_all(change, user.id, now).await?,
                    SignedOutOf::Everywhere,
                )
            } else {
                // Two requests may end the same session; both are answered alike.
                sessions::revoke(change, user.id, user.session, now).await?;
                (vec![user.session], SignedOutOf::ThisSession)
            };
            for session in &ended {
                signing_keys::revoke_of_session(change, *session, now)?;
            }
            let event = events::sessions_revoked(out_of, &ended);
            tell(&app, change, ended);
            change.commit(event, ())
        }
    })
    .await?;
    let removed = if in_cookies {
        cookies::removed(&app)
    } else {
        Vec::new()
    };
    Ok((StatusCode::NO_CONTENT, with_cookies(removed)).into_response())
}

fn tell(app: &App, change: &mut Change<'_>, ended: Vec<SessionId>) {
    let app = app.clone();
    change.after_commit(async move { revocations::mark(&app, &ended).await });
}

async fn read(request: Request, limit: usize) -> ApiResult<Logout> {
    let headers = request.headers().clone();
    let body = json::read(request, limit).await?;
    if body.is_empty() {
        return Ok(Logout::default());
    }
    json::check_content_type(&headers)?;
    json::parse(&body)
}
