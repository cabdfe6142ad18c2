//! `POST /auth/session-key`: a signing key that dies with its session, for the web UI. A session has one; asking again
//! replaces it.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{events, scopes::Scopes, signing_keys, store::signing_keys as store};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiResult, Problem},
};

/// The session's key.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionKey {
    /// Sent as `X-Key-Id`.
    id: Uuid,
    /// The HMAC key: these characters as they stand, not decoded.
    secret: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/session-key", tag = "signing keys",
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 201, body = SessionKey), (status = 401, body = Problem))
)]
pub(super) async fn create_session_key(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<(StatusCode, Answer<SessionKey>)> {
    let key = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let now = change.now();
                store::revoke_of_session(change, user.session, now)?;
                let key =
                    signing_keys::issue(&app, change, &user, Some(user.session), "session", Scopes::ALL)
                        .await?;
                let event = events::signing_key_created(key.id, Scopes::ALL, true);
                let (app, session) = (app.clone(), user.session);
                change.after_commit(async move { app.auth.secrets.forget_session(session) });
                change.commit(
                    event,
                    SessionKey {
                        id: key.id.as_uuid(),
                        secret: key.secret.to_string(),
                    },
                )
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(key)))
}
