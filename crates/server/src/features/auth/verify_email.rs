//! `POST /auth/email/verify`: the mailed link is confirmed and the account comes into being. It takes the password the
//! registration was made with, so that nobody confirms what somebody else prepared for their address. Of several who
//! confirm one address, one wins and the others are told.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{ids::UserId, passwords, roles::Role};
use stockade_platform::db::Tx;
use utoipa::ToSchema;

use super::{
    events, opaque,
    store::registrations,
    users::{self, Person, UserView},
};
use crate::{
    app::App,
    core::{actor::Origin, bookkeeping::bookkeep, change::Change},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// The token of the mailed link, and the password that was chosen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEmail {
    token: String,
    #[schema(format = Password)]
    password: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/email/verify", tag = "accounts", request_body = VerifyEmail,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 201, body = UserView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
pub(super) async fn verify_email(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<VerifyEmail>,
) -> ApiResult<(StatusCode, Answer<UserView>)> {
    let token_hash = opaque::hash(&ask.token);
    let now = app.clock.now();
    let chosen = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        registrations::count_try(tx, token_hash, now).await
    })
    .await?;
    let Some(chosen) = chosen else {
        return refuse(&app, &origin, invalid()).await;
    };
    let password = passwords::normalize(&ask.password).unwrap_or_default();
    if !app.auth.passwords.compare(password, &chosen).await?.matches {
        return refuse(&app, &origin, wrong_password()).await;
    }
    let user = app
        .change(&origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let now = change.now();
                let Some(asked) = registrations::take(change, token_hash, now).await? else {
                    return change.refuse(events::confirmation_refused(invalid().code), invalid());
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

async fn refuse<T: Send + 'static>(app: &App, origin: &Origin, problem: Problem) -> ApiResult<T> {
    app.change(origin, async move |change: &mut Change<'_>| {
        change.refuse(events::confirmation_refused(problem.code), problem.clone())
    })
    .await
}

fn invalid() -> Problem {
    let detail = "this link was used before or has expired; ask for a new one, or register again";
    Problem::unprocessable("registration.link_invalid", detail)
}

fn wrong_password() -> Problem {
    let detail = format!(
        "this is not the password that was chosen when registering; after {} tries the link is dead",
        registrations::MOST_TRIES
    );
    Problem::forbidden("registration.wrong_password", &*detail).field("password", detail)
}
