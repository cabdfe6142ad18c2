//! `POST /auth/register`: asks for an account. The answer and the work are the same for every address; the mail that
//! follows goes to whoever reads it. Registrations for one address do not disturb each other: each has its own link and
//! its own password.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use stockade_domain::{email::EmailAddress, passwords::SecondFactor};
use utoipa::ToSchema;

use super::{
    breached::BreachCheck,
    events,
    mail_purpose::MailPurpose,
    mail_requests, password_rules,
    store::registrations::{self, Registration},
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// Who wants to join.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    #[schema(example = "ana@example.com")]
    email: String,
    /// 15 to 128 characters, any of Unicode. `GET /about` says what counts here.
    #[schema(format = Password)]
    password: String,
    /// What you want to be called; up to 100 characters.
    name: Option<String>,
}

/// The same for every address.
#[derive(Serialize, ToSchema)]
pub(super) struct CheckMail {
    /// Always `check_mail`.
    status: &'static str,
    /// `unavailable` when the password should have been looked up among breached ones but could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    breach_check: Option<BreachCheck>,
}

impl CheckMail {
    pub(super) fn answer() -> (StatusCode, Answer<Self>) {
        Self::answer_after(BreachCheck::Off)
    }

    fn answer_after(breach_check: BreachCheck) -> (StatusCode, Answer<Self>) {
        let answer = Self {
            status: "check_mail",
            breach_check: breach_check.worth_telling(),
        };
        (StatusCode::ACCEPTED, Answer(answer))
    }
}

#[utoipa::path(
    post, path = "/api/v1/auth/register", tag = "accounts", request_body = Register,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 202, body = CheckMail), (status = 422, body = Problem))
)]
pub(super) async fn register(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<Register>,
) -> ApiResult<(StatusCode, Answer<CheckMail>)> {
    if !app.config.registration.open {
        return Err(Problem::forbidden("registration.closed", "nobody can register here at present").into());
    }
    let email: EmailAddress = ask.email.parse().map_err(|error| ApiError::refusal(&error))?;
    let name = ask.name.map(|name| checked_name(&name)).transpose()?;
    let accepted =
        password_rules::accept(&app, &ask.password, &email, name.as_deref(), SecondFactor::Off).await?;
    let registration = Registration {
        email,
        name,
        password_hash: accepted.hash,
    };
    let address = app.auth.address_tag(registration.email.as_str());
    let link = app.config.registration.link;
    app.change(&origin, async move |change: &mut Change<'_>| {
        let (id, now) = (change.new_id(), change.now());
        registrations::insert(change, id, &registration, now, now + link)?;
        mail_requests::ask(change, MailPurpose::ConfirmAddress, &registration.email, Some(id))?;
        change.commit(events::registration_requested(&address), ())
    })
    .await?;
    Ok(CheckMail::answer_after(accepted.breach_check))
}

/// A name on one line; blanks around it are taken off.
fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    let length = name.chars().count();
    if (1..=LONGEST_NAME).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let detail = format!("the name must have 1 to {LONGEST_NAME} characters on one line");
    Err(Problem::unprocessable("name.invalid", &*detail)
        .field("name", detail)
        .into())
}
