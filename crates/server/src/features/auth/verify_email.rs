//! `POST /auth/email/verify`: the mailed link is confirmed and the account comes into being. Of several who confirm one
//! address, one wins and the others are told.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{ids::UserId, roles::Role};
use utoipa::ToSchema;

use super::{
    events, opaque,
    store::registrations,
    users::{self, Person, UserView},
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// The token of the mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEmail {
    token: String,
}

#[utoipa::path(
    post, path = "/auth/email/verify", tag = "accounts", request_body = VerifyEmail,
    responses((status = 201, body = UserView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn verify_email(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<VerifyEmail>,
) -> ApiResult<(StatusCode, Answer<UserView>)> {
    let token_hash = opaque::hash(&ask.token);
    let user = app
        .change(&origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let now = change.now();
                let Some(asked) = registrations::take(change, token_hash, now).await? else {
                    let detail = "this link was used before or has expired; register again to get a new one";
                    let problem = Problem::unprocessable("registration.link_invalid", detail);
                    return change.refuse(events::confirmation_refused("registration.link_invalid"), problem);
                };
                let person = Person {
                    email: asked.email,
                    name: asked.name,
                    password_hash: asked.password_hash,
                    role: Role::Customer,
                };
                let Some(user) = users::create(&app, change, &person).await? else {
                    change.on_refusal(registrations::drop_all(&person.email));
                    return change.refuse(events::confirmation_refused("email.taken"), users::taken());
                };
                change.batch(vec![registrations::drop_all(&person.email)]).await?;
                change.commit(
                    events::user_registered(UserId::from_uuid(user.id), user.role, "confirmation"),
                    user,
                )
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(user)))
}
