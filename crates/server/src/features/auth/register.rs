//! `POST /auth/register`: asks for an account. The answer and the work are the same for every address; the mail that
//! follows goes to whoever reads it.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use stockade_domain::{
    email::EmailAddress,
    passwords::{self, SecondFactor},
};
use utoipa::ToSchema;

use super::{
    events, mails,
    opaque::OpaqueToken,
    store::{
        registrations::{self, Registration},
        users,
    },
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::mail,
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
    /// 15 to 128 characters, any of Unicode.
    #[schema(example = "correct horse battery staple")]
    password: String,
    /// What you want to be called; up to 100 characters.
    name: Option<String>,
}

/// The same for every address.
#[derive(Serialize, ToSchema)]
pub(super) struct CheckMail {
    /// Always `check_mail`.
    status: &'static str,
}

#[utoipa::path(
    post, path = "/auth/register", tag = "accounts", request_body = Register,
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
    let password = passwords::choose(&ask.password, &email, SecondFactor::Off)
        .map_err(|error| ApiError::refusal(&error))?;
    let password_hash = app.auth.passwords.make(password).await?;
    let registration = Registration {
        email,
        name,
        password_hash,
    };
    app.change(&origin, {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let email = &registration.email;
            let token = OpaqueToken::new();
            let owner = users::by_email(change, email).await?;
            // Written for a taken address, too, so that both take the same time; nobody is sent that token.
            let expires_at = change.now() + app.config.registration.link;
            registrations::insert(change, token.hash(), &registration, expires_at)?;
            let (letter, event) = match owner {
                None => {
                    let requested = events::registration_requested(&app.auth.address_tag(email.as_str()));
                    (mails::confirm_address(&app, email.as_str(), &token), requested)
                }
                Some(owner) => (
                    mails::address_taken(&app, email.as_str()),
                    events::registration_of_known_address(owner.id),
                ),
            };
            mail::post(change, letter)?;
            change.commit(event, ())
        }
    })
    .await?;
    Ok((StatusCode::ACCEPTED, Answer(CheckMail { status: "check_mail" })))
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
