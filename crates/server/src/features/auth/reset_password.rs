//! `POST /auth/password/reset`: a mailed link and a new password. The link works once; every session ends; nobody is
//! signed in by it, so a second factor is asked as ever (NIST SP 800-63B-4 §4.2).

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use stockade_domain::{email::EmailAddress, ids::UserId, passwords::SecondFactor};
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;

use super::{
    breached::BreachCheck,
    end_sessions::{Which, end_sessions},
    events::{self, SignedOutOf},
    lockout,
    mail_purpose::MailPurpose,
    opaque, password_rules, second_factors,
    store::{mail_links, users},
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// The token of the mailed link, and the password to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetPassword {
    token: String,
    /// 15 to 128 characters, any of Unicode; 8 or more beside a second factor. `GET /about` says what counts here.
    #[schema(format = Password)]
    password: String,
}

/// The password is another one now.
#[derive(Serialize, ToSchema)]
pub(super) struct PasswordChanged {
    /// Always `password_changed`.
    status: &'static str,
    /// `unavailable` when the password should have been looked up among breached ones but could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    breach_check: Option<BreachCheck>,
}

impl PasswordChanged {
    pub(super) fn answer(breach_check: BreachCheck) -> Answer<Self> {
        Answer(Self {
            status: "password_changed",
            breach_check: breach_check.worth_telling(),
        })
    }
}

#[utoipa::path(
    post, path = "/api/v1/auth/password/reset", tag = "accounts", request_body = ResetPassword,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 200, body = PasswordChanged), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn reset_password(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<ResetPassword>,
) -> ApiResult<Answer<PasswordChanged>> {
    let token_hash = opaque::hash(&ask.token);
    let Some(owner) = holder(&app, token_hash).await? else {
        return refuse(&app, &origin).await;
    };
    let Owner {
        email,
        name,
        second_factor,
    } = owner;
    let accepted =
        password_rules::accept(&app, &ask.password, &email, name.as_deref(), second_factor).await?;
    let this = app.clone();
    app.clone()
        .change(&origin, async move |change: &mut Change<'_>| {
            let now = change.now();
            let linked = mail_links::consume(change, token_hash, MailPurpose::ResetPassword, now).await?;
            let Some(user) = linked.map(|linked| linked.user) else {
                return change.refuse(events::password_change_refused(CODE), invalid());
            };
            let current = users::lock(change, user).await?;
            if current.is_none_or(|current| current.disabled) {
                return change.refuse(events::password_change_refused(CODE), invalid());
            }
            accepted.still_suits(&app, change, user).await?;
            users::recover_password(change, user, &accepted.hash, now)?;
            lockout::open_after_reset(&app, change, user).await?;
            // Whatever else was mailed may have been asked for by whoever knew the password before.
            change.batch(vec![mail_links::void_all(user)]).await?;
            end_sessions(&this, change, user, Which::All, SignedOutOf::PasswordReset).await?;
            change.commit(
                events::password_changed(user, "reset"),
                PasswordChanged::answer(accepted.breach_check),
            )
        })
        .await
}

/// Whose link it is, as far as the rules for their password go.
struct Owner {
    email: EmailAddress,
    name: Option<String>,
    second_factor: SecondFactor,
}

/// The owner of a living link. A password that breaks a rule is refused before the link is used up.
async fn holder(app: &App, token_hash: [u8; 32]) -> ApiResult<Option<Owner>> {
    let now = app.clock.now();
    let found: DbResult<_> = app
        .read(async move |reader: &mut Reader| {
            let purpose = MailPurpose::ResetPassword;
            let holder: Option<UserId> = mail_links::holder(reader, token_hash, purpose, now).await?;
            let Some(user) = holder else { return Ok(None) };
            let described = users::described(reader, user).await?;
            Ok(described.zip(Some(second_factors::is_on(reader, user).await?)))
        })
        .await;
    let Some(((email, name), second_factor)) = found? else {
        return Ok(None);
    };
    Ok(Some(Owner {
        email: email
            .parse()
            .map_err(|_| ApiError::Fault("a stored address is none".into()))?,
        name,
        second_factor: second_factor.into(),
    }))
}

/// What a link is refused with, whatever is wrong with it.
const CODE: &str = "password.link_invalid";

fn invalid() -> Problem {
    Problem::unprocessable(
        CODE,
        "this link was used before, replaced or has expired; ask for a new one",
    )
}

async fn refuse<T: Send + 'static>(app: &App, origin: &Origin) -> ApiResult<T> {
    app.change(origin, async move |change: &mut Change<'_>| {
        change.refuse(events::password_change_refused(CODE), invalid())
    })
    .await
}
