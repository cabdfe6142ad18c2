//! `POST /auth/login/2fa` and `/auth/2fa/backup-code`: a code finishes a sign-in that waits for it, as a passkey does
//! at `/auth/passkeys/2fa/finish`.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{self, SessionQuery, SignedInAnswer},
    challenge, session,
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::{
        auth::{
            events,
            lockout::Attempt,
            passkeys::assertion,
            second_factors::{Method, prove::Proof},
            store::users::{self, Credentials},
        },
        devices::Seen,
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
    finish(app, origin, headers, mode, ask.challenge, Proof::Code(ask.code)).await
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
    finish(app, origin, headers, mode, ask.challenge, Proof::Code(ask.code)).await
}

/// Ends the sign-in that `token` names, with whatever proves the second factor.
pub(in crate::features::auth) async fn finish(
    app: App,
    origin: Origin,
    headers: HeaderMap,
    mode: SessionQuery,
    token: String,
    proof: Proof,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    let begun = challenge::find(&app, &headers, &token).await?;
    let device = Seen::of(&app, &headers, &origin, begun.report.clone());
    let set = device.cookie();
    let opened = app
        .change(&origin.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let Some(user) = users::lock(change, begun.user)
                    .await?
                    .filter(Credentials::may_sign_in)
                else {
                    return change.refuse(events::challenge_refused(begun.user), proof.refusal(wrong_code));
                };
                let attempt = Attempt::on(&app, change, begun.user, &device).await?;
                let Some(method) = proof.prove(&app, change, begun.user, attempt).await? else {
                    return change.commit(
                        events::challenge_refused(begun.user),
                        Err(proof.refusal(wrong_code)),
                    );
                };
                challenge::take(change, &token).await?;
                let amr = format!("{} {} mfa", begun.amr, method_of(method));
                let opened = session::open(&app, change, &user, &amr, &device).await?;
                change.commit(opened.event(), Ok(opened.session))
            }
        })
        .await??;
    answer::session(&app, mode, opened, set)
}

/// RFC 8176 §2.
fn method_of(method: Method) -> &'static str {
    match method {
        Method::Passkey => assertion::AMR,
        Method::Totp | Method::BackupCode | Method::PasswordAndMail => "otp",
    }
}

fn wrong_code() -> Problem {
    Problem::unauthorized(
        "second_factor.wrong_code",
        "the code is wrong or was used before; wait for the next one",
    )
}
