//! The first administrator: made once, with a one-time token that `serve` prints at its start as long as there is no
//! administrator. `POST /setup` presents it.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{ids::UserId, roles::Role};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{
    events,
    opaque::{self, OpaqueToken},
    store::{setup as store, users as people},
    users::{self, UserView},
};
use crate::{
    app::App,
    core::{
        actor::{Actor, Origin},
        change::Change,
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// The link with which the first administrator is made, or `None` when there is one. Each call makes a new link and
/// voids the one before, since only its hash is kept.
pub async fn first_link(app: &App) -> ApiResult<Option<String>> {
    let exists: DbResult<bool> = app
        .read(async move |reader| people::admin_exists(reader).await)
        .await;
    if exists? {
        return Ok(None);
    }
    let token = OpaqueToken::new();
    let link = format!("{}/setup?token={}", app.config.server.public_url, token.as_str());
    app.change(Actor::program("serve"), async move |change: &mut Change<'_>| {
        store::put(change, token.hash()).await?;
        change.commit(events::setup_link_made(), ())
    })
    .await?;
    Ok(Some(link))
}

/// Who becomes the administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    /// The token of the printed link.
    token: String,
    #[schema(example = "admin@example.com")]
    email: String,
    /// 15 to 128 characters, any of Unicode. `GET /about` says what counts here.
    password: String,
}

#[utoipa::path(
    post, path = "/api/v1/setup", tag = "accounts", request_body = Setup,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses((status = 201, body = UserView), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn setup(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<Setup>,
) -> ApiResult<(StatusCode, Answer<UserView>)> {
    let token_hash = opaque::hash(&ask.token);
    let current: DbResult<bool> = app
        .read(async move |reader| store::is_current(reader, token_hash).await)
        .await;
    if !current? {
        let event = events::setup_refused("setup.token_invalid");
        return app
            .change(&origin, async move |change: &mut Change<'_>| {
                change.refuse(event.clone(), invalid())
            })
            .await;
    }
    let person = users::staff(&app, &ask.email, &ask.password, Role::Admin).await?;
    let user = app
        .change(&origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                if !store::take(change, token_hash).await? || people::admin_exists(change).await? {
                    return change.refuse(events::setup_refused("setup.token_invalid"), invalid());
                }
                let Some(user) = users::create(&app, change, &person).await? else {
                    return change.refuse(events::setup_refused("email.taken"), users::taken());
                };
                change.commit(
                    events::user_registered(UserId::from_uuid(user.id), user.role, "setup link"),
                    user,
                )
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(user)))
}

fn invalid() -> Problem {
    let detail = "this setup link was used before or replaced; start the server again to get a new one, or use \
                  `stockade admin create`";
    Problem::forbidden("setup.token_invalid", detail)
}
