//! `POST /auth/email/change`: another address to sign in with, and so to recover by. It takes a step-up and the password;
//! the new address gets a link, the old one is told. Whether the new address is somebody else's is told to its owner only.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::email::EmailAddress;
use utoipa::ToSchema;

use super::{
    current_password, events,
    mail_purpose::MailPurpose,
    mail_requests, mails,
    opaque::OpaqueToken,
    register::CheckMail,
    store::{mail_links, users},
};
use crate::{
    app::App,
    core::change::Change,
    features::mail,
    http::error::{ApiError, ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// The address to be, and the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeEmail {
    #[schema(example = "ana@example.org")]
    new_email: String,
    #[schema(format = Password)]
    password: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/email/change", tag = "accounts", request_body = ChangeEmail,
    params(("X-Step-Up" = Option<String>, Header, description = "A proof for this request.")),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 202, body = CheckMail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem))
)]
pub(super) async fn change_email(
    State(app): State<App>,
    SteppedUp { user, ask }: SteppedUp<ChangeEmail>,
) -> ApiResult<(StatusCode, Answer<CheckMail>)> {
    let new_email: EmailAddress = ask.new_email.parse().map_err(|error| named(&error))?;
    if new_email.as_str() == user.email.as_ref() {
        let detail = "this is the address you have";
        return Err(Problem::unprocessable("email.unchanged", detail)
            .field("new_email", detail)
            .into());
    }
    let proven = current_password::check(&app, &user, &ask.password, "password").await?;
    let this = app.clone();
    app.change(&user.clone(), async move |change: &mut Change<'_>| {
        if !proven.still_holds(change).await? {
            return change.refuse(
                events::password_change_refused(current_password::WRONG),
                current_password::replaced(),
            );
        }
        if !mail_requests::may_mail(&this, change, &new_email, MailPurpose::ChangeEmail).await? {
            change.on_refusal(mail_links::void_all(user.id));
            let address = this.auth.address_tag(new_email.as_str());
            let event = events::link_withheld(MailPurpose::ChangeEmail, &address, "quota");
            return change.refuse(event, too_many());
        }
        let token = OpaqueToken::new();
        let expires_at = change.now() + this.config.registration.link;
        let taken = users::by_email(change, &new_email).await?.is_some();
        // Stored for a taken address, too, so that both are the same work; nobody is sent that token.
        let purpose = MailPurpose::ChangeEmail;
        mail_links::put(
            change,
            user.id,
            purpose,
            token.hash(),
            Some(new_email.as_str()),
            expires_at,
        )?;
        let letter = if taken {
            mails::address_wanted(&this, new_email.as_str())
        } else {
            mails::confirm_new_address(&this, new_email.as_str(), &token)
        };
        mail::post(change, letter)?;
        mail::post(change, mails::address_about_to_change(&user.email))?;
        change.commit(
            events::email_change_requested(user.id, new_email.as_str()),
            CheckMail::answer(),
        )
    })
    .await
}

fn named(error: &stockade_domain::email::EmailRefused) -> ApiError {
    match ApiError::refusal(error) {
        ApiError::Refused(mut problem) => {
            for field in &mut problem.errors {
                "new_email".clone_into(&mut field.field);
            }
            ApiError::Refused(problem)
        }
        other => other,
    }
}

fn too_many() -> Problem {
    let detail = "this address got as many mails as it may for now; try again in an hour";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "mail_link.too_many", detail).retry_after(3_600)
}
