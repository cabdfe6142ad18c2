//! `POST /auth/password/forgot`: asks for the link with which a forgotten password is replaced. The answer and the work
//! are the same for every address; a mail goes out only if there is an account.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::email::EmailAddress;
use utoipa::ToSchema;

use super::{mail_purpose::MailPurpose, register::CheckMail, resend};
use crate::{
    app::App,
    core::actor::Origin,
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgotPassword {
    #[schema(example = "ana@example.com")]
    email: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/password/forgot", tag = "accounts", request_body = ForgotPassword,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 202, body = CheckMail), (status = 422, body = Problem))
)]
pub(super) async fn forgot_password(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<ForgotPassword>,
) -> ApiResult<(StatusCode, Answer<CheckMail>)> {
    let email: EmailAddress = ask.email.parse().map_err(|error| ApiError::refusal(&error))?;
    resend::ask_for(&app, origin, MailPurpose::ResetPassword, email).await
}
