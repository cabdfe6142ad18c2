//! `POST /auth/login/2fa` and `/auth/2fa/backup-code`: a code finishes a sign-in that waits for it.

use axum::{
    extract::State,
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{self, SessionQuery, SignedInAnswer},
    challenge,
    session,
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::auth::{
        device::device_hash,
        events,
        lockout::Attempt,
        second_factors::{Method, prove::prove},
        store::users,
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
        query::Query,
    },
};

/// A code for a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct SecondFactor {
    /// From the answer to `/auth/login`.
    challenge: String,
    #[schema(example = "123456")]
    code: String,
}

#[utoipa::path(
    post, path = "/auth/login/2fa", tag = "accounts", request_body = SecondFactor, params(SessionQuery),
    responses((status = 200, body = SignedInAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn code(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<SecondFactor>,
) -> ApiResult<Response> {
    finish(app, origin, headers, mode, ask).await
}

#[utoipa::path(
    post, path = "/auth/2fa/backup-code", tag = "accounts", request_body = SecondFactor, params(SessionQuery),
    responses((status = 200, body = SignedInAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn backup_code(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<SecondFactor>,
) -> ApiResult<Response> {
    finish(app, origin, headers, mode, ask).await
}

async fn finish(
    app: App,
    origin: Origin,
    headers: HeaderMap,
    mode: SessionQuery,
    ask: SecondFactor,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    let device = device_hash(&headers);
    let opened = app
        .change(&origin.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let begun = challenge::find(change, &ask.challenge, device).await?;
                let Some(user) = users::lock(change, begun.user).await?.filter(|user| !user.disabled) else {
                    return change.refuse(events::challenge_refused(begun.user), wrong_code());
                };
                let proven = prove(&app, change, begun.user, &ask.code, Attempt::UnknownDevice).await?;
                let Some(method) = proven else {
                    return change.commit(events::challenge_refused(begun.user), Err(wrong_code()));
                };
                challenge::take(change, &ask.challenge).await?;
                let amr = format!("{} {} mfa", begun.amr, method_of(method));
                let opened = session::open(&app, change, &user, &amr, &begun.device).await?;
                change.commit(opened.event(), Ok(opened))
            }
        })
        .await??;
    answer::session(&app, mode, opened)
}

/// RFC 8176 §2.
fn method_of(method: Method) -> &'static str {
    match method {
        Method::Passkey => "pop",
        Method::Totp | Method::BackupCode | Method::PasswordAndMail => "otp",
    }
}

fn wrong_code() -> Problem {
    Problem::unauthorized(
        "second_factor.wrong_code",
        "the code is wrong or was used before; wait for the next one",
    )
}
