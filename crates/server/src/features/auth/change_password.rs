//! `POST /auth/password/change`: the present password for a new one. All other sessions end; this one stays.

use axum::{Json as Answer, extract::State};
use serde::Deserialize;
use stockade_domain::{email::EmailAddress, passwords};
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;

use super::{
    current_password,
    end_sessions::{Which, end_sessions},
    events::{self, SignedOutOf},
    password_rules,
    reset_password::PasswordChanged,
    second_factors,
    store::{mail_links, users},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// The password as it is and as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePassword {
    #[schema(format = Password)]
    current_password: String,
    /// 15 to 128 characters, any of Unicode; 8 or more beside a second factor. `GET /about` says what counts here.
    #[schema(format = Password)]
    new_password: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/password/change", tag = "accounts", request_body = ChangePassword,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = PasswordChanged), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn change_password(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<ChangePassword>,
) -> ApiResult<Answer<PasswordChanged>> {
    let proven = current_password::check(&app, &user, &ask.current_password, "current_password").await?;
    if passwords::normalize(&ask.current_password) == passwords::normalize(&ask.new_password) {
        let detail = "the new password is the one you have";
        return Err(Problem::unprocessable("password.unchanged", detail)
            .field("new_password", detail)
            .into());
    }
    let email: EmailAddress = user
        .email
        .parse()
        .map_err(|_| ApiError::Fault("a stored address is none".into()))?;
    let id = user.id;
    let second_factor: DbResult<bool> = app
        .read(async move |reader: &mut Reader| second_factors::is_on(reader, id).await)
        .await;
    let second_factor = second_factor?;
    let accepted = password_rules::accept(
        &app,
        &ask.new_password,
        &email,
        user.name.as_deref(),
        second_factor.into(),
    )
    .await?;
    let this = app.clone();
    app.clone()
        .change(&user.clone(), async move |change: &mut Change<'_>| {
            if !proven.still_holds(change).await? {
                let code = current_password::WRONG;
                return change.refuse(
                    events::password_change_refused(code),
                    current_password::replaced(),
                );
            }
            accepted.still_suits(&app, change, user.id).await?;
            let now = change.now();
            users::change_password(change, user.id, &accepted.hash, now)?;
            // Whatever was mailed may have been asked for by whoever knew the password before.
            change.batch(vec![mail_links::void_asked_for(user.id)]).await?;
            end_sessions(
                &this,
                change,
                user.id,
                Which::Others(user.session),
                SignedOutOf::PasswordChange,
            )
            .await?;
            change.commit(
                events::password_changed(user.id, "change"),
                PasswordChanged::answer(accepted.breach_check),
            )
        })
        .await
}
