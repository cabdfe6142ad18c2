//! `POST /auth/login/2fa` and `/auth/2fa/backup-code`: a code finishes a sign-in that waits for it, as a passkey does
//! at `/auth/passkeys/2fa/finish`.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{LoginAnswer, SessionQuery},
    challenge,
    finish::{LastStep, finish},
};
use crate::{
    app::App,
    core::actor::Origin,
    features::auth::{
        opaque,
        second_factors::{mailed_code::MailedCode, prove::Proof},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
        query::Query,
    },
    security::rate_limit::Counted,
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
    post, path = "/api/v1/auth/login/2fa", tag = "accounts", request_body = SecondFactor, params(SessionQuery),
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 200, body = LoginAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn code(
    State(app): State<App>,
    origin: Origin,
    counted: Counted,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<SecondFactor>,
) -> ApiResult<Response> {
    finish_with_code(app, origin, &counted, headers, mode, ask).await
}

#[utoipa::path(
    post, path = "/api/v1/auth/2fa/backup-code", tag = "accounts", request_body = SecondFactor, params(SessionQuery),
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 200, body = LoginAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn backup_code(
    State(app): State<App>,
    origin: Origin,
    counted: Counted,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<SecondFactor>,
) -> ApiResult<Response> {
    finish_with_code(app, origin, &counted, headers, mode, ask).await
}

/// Ends the sign-in that a challenge names with a code of either kind.
async fn finish_with_code(
    app: App,
    origin: Origin,
    counted: &Counted,
    headers: HeaderMap,
    mode: SessionQuery,
    ask: SecondFactor,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    let begun = challenge::find(&app, &headers, counted, &ask.challenge).await?;
    let device = mode.device(&app, &headers, &origin, begun.recognised.report.clone());
    let proof = match begun.mailed_code_hash {
        Some(expected) => Proof::Mailed(MailedCode {
            code: ask.code,
            challenge: opaque::hash(&ask.challenge),
            expected,
        }),
        None => Proof::Code(ask.code),
    };
    let step = LastStep {
        user: begun.recognised.user,
        proof,
        begun: Some((begun.recognised, ask.challenge)),
    };
    finish(app, &origin, mode, device, step).await
}
