//! `POST /auth/email/resend`: the confirmation mail once more. The answer and the work are the same for every address.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::email::EmailAddress;
use utoipa::ToSchema;

use super::{events, mail_purpose::MailPurpose, mail_requests, register::CheckMail};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// Where the mail did not come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resend {
    #[schema(example = "ana@example.com")]
    email: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/email/resend", tag = "accounts", request_body = Resend,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 202, body = CheckMail), (status = 422, body = Problem))
)]
pub(super) async fn resend(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<Resend>,
) -> ApiResult<(StatusCode, Answer<CheckMail>)> {
    let email: EmailAddress = ask.email.parse().map_err(|error| ApiError::refusal(&error))?;
    ask_for(&app, origin, MailPurpose::ResendConfirmation, email).await
}

/// Stores that a mail was asked for, and answers as for every address.
pub(super) async fn ask_for(
    app: &App,
    origin: Origin,
    purpose: MailPurpose,
    email: EmailAddress,
) -> ApiResult<(StatusCode, Answer<CheckMail>)> {
    let address = app.auth.address_tag(email.as_str());
    app.change(&origin, async move |change: &mut Change<'_>| {
        mail_requests::ask(change, purpose, &email, None)?;
        change.commit(events::link_requested(purpose, &address), ())
    })
    .await?;
    Ok(CheckMail::answer())
}
