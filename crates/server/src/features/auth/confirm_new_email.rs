//! `POST /auth/email/change/confirm`: the link that was mailed to the new address. From then on the person signs in with
//! that address; every session ends, since each knows the old one.

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use stockade_domain::email::EmailAddress;
use utoipa::ToSchema;

use super::{
    end_sessions::{Which, end_sessions},
    events::{self, SignedOutOf},
    mail_purpose::MailPurpose,
    mails, opaque,
    store::{mail_links, registrations, restrictions, users},
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

/// The token of the mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmNewEmail {
    token: String,
}

/// The address is another one now.
#[derive(Serialize, ToSchema)]
pub(super) struct EmailChanged {
    /// Always `email_changed`.
    status: &'static str,
}

#[utoipa::path(
    post, path = "/api/v1/auth/email/change/confirm", tag = "accounts", request_body = ConfirmNewEmail,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 200, body = EmailChanged), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn confirm_new_email(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<ConfirmNewEmail>,
) -> ApiResult<Answer<EmailChanged>> {
    let token_hash = opaque::hash(&ask.token);
    let this = app.clone();
    app.change(&origin, async move |change: &mut Change<'_>| {
        let now = change.now();
        let linked = mail_links::consume(change, token_hash, MailPurpose::ChangeEmail, now).await?;
        let Some((user, Some(new_email))) = linked.map(|linked| (linked.user, linked.new_email)) else {
            return change.refuse(events::email_change_refused(None, INVALID), invalid());
        };
        let new_email: EmailAddress = new_email
            .parse()
            .map_err(|_| ApiError::Fault("a stored address is none".into()))?;
        let Some((old_email, _)) = users::described(change, user).await? else {
            return change.refuse(events::email_change_refused(Some(user), INVALID), invalid());
        };
        if restrictions::is_restricted(change, user).await? {
            return change.refuse(events::email_change_refused(Some(user), INVALID), invalid());
        }
        if !users::set_email(change, user, &new_email, now).await? {
            // Nobody but the owner of the address can have come here, so they may know; the account may not.
            change.on_refusal(mail_links::void_all(user));
            return change.refuse(
                events::email_change_refused(Some(user), UNAVAILABLE),
                unavailable(),
            );
        }
        // A link for the password went to the old address.
        change
            .batch(vec![
                mail_links::void_all(user),
                registrations::drop_all(&new_email),
            ])
            .await?;
        end_sessions(&this, change, user, Which::All, SignedOutOf::EmailChange).await?;
        mail::post(change, mails::address_changed(&old_email))?;
        let answer = Answer(EmailChanged {
            status: "email_changed",
        });
        change.commit(
            events::email_changed(user, &old_email, new_email.as_str()),
            answer,
        )
    })
    .await
}

const INVALID: &str = "email.link_invalid";
const UNAVAILABLE: &str = "email.unavailable";

fn invalid() -> Problem {
    Problem::unprocessable(
        INVALID,
        "this link was used before, replaced or has expired; ask for a new one",
    )
}

fn unavailable() -> Problem {
    Problem::conflict(UNAVAILABLE, "this address cannot be used; nothing was changed")
}
