//! `DELETE /sessions/{id}` and `DELETE /sessions`: a person ends one of their sessions, or all but this one. Their tokens
//! are refused from the answer on.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use stockade_domain::ids::SessionId;

use super::{
    events::{self, SignedOutOf},
    revocations,
    store::sessions,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiError, ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = uuid::Uuid, Path)),
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 204, description = "Ended."), (status = 404, body = Problem))
)]
pub(super) async fn end(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let session: SessionId = id.parse().map_err(|_| unknown())?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let now = change.now();
            if !sessions::revoke(change, user.id, session, now).await? {
                return Err(unknown());
            }
            revocations::follow_up(&app, change, vec![session])?;
            change.commit(events::sessions_revoked(SignedOutOf::OneSession, &[session]), ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "sessions",
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 204, description = "All others are ended."), (status = 401, body = Problem))
)]
pub(super) async fn end_others(State(app): State<App>, user: SignedIn) -> ApiResult<StatusCode> {
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let now = change.now();
            let ended = sessions::revoke_others(change, user.id, user.session, now).await?;
            let event = events::sessions_revoked(SignedOutOf::OtherSessions, &ended);
            revocations::follow_up(&app, change, ended)?;
            change.commit(event, ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> ApiError {
    Problem::not_found("session.unknown", "you have no living session with this id").into()
}
