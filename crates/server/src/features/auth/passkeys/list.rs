//! `GET /auth/passkeys` and `PATCH /auth/passkeys/{id}`: a person's passkeys, and what they call them.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::ids::{PasskeyId, UserId};
use stockade_platform::db::{Queryable, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sealed::Details;
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change, sealed::key_of},
    features::auth::{
        events,
        signing_keys::checked_name,
        store::{passkeys, users},
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// A passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyView {
    id: Uuid,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl PasskeyView {
    pub(super) fn new(
        id: PasskeyId,
        name: String,
        created_at: Timestamp,
        last_used_at: Option<Timestamp>,
    ) -> Self {
        Self {
            id: id.as_uuid(),
            name,
            created_at,
            last_used_at,
        }
    }
}

/// A person's passkeys.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct Passkeys {
    items: Vec<PasskeyView>,
    /// Always null: there are never many.
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/auth/passkeys", tag = "passkeys",
    responses((status = 200, body = Passkeys), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn list(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<Answer<Passkeys>> {
    let (this, owner) = (app.clone(), user.id);
    let look = async move |reader: &mut Reader| own_passkeys(&this, reader, owner).await;
    Ok(Answer(Passkeys {
        items: app.core.read_as(&user, look).await?,
        next_cursor: None,
    }))
}

/// A person's passkeys, oldest first.
///
/// # Errors
/// 500 `vault.tampered`.
pub(in crate::features::auth) async fn own_passkeys(
    app: &App,
    on: &mut impl Queryable,
    owner: UserId,
) -> ApiResult<Vec<PasskeyView>> {
    let key = key_of(&app.core.keys, on, owner).await?;
    let view = |stored: passkeys::StoredPasskey| {
        let details = Details::open(&key, &stored)?;
        Ok(PasskeyView::new(
            stored.id,
            details.name,
            stored.created_at,
            stored.last_used_at,
        ))
    };
    passkeys::of_owner(on, owner)
        .await?
        .into_iter()
        .map(view)
        .collect()
}

/// What the passkey is to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct RenamePasskey {
    /// 1 to 100 characters.
    #[schema(example = "the key on my key ring")]
    name: String,
}

#[utoipa::path(
    patch, path = "/api/v1/auth/passkeys/{id}", tag = "passkeys", params(("id" = Uuid, Path)),
    request_body = RenamePasskey,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = PasskeyView), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub(in crate::features::auth) async fn rename(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
    Json(ask): Json<RenamePasskey>,
) -> ApiResult<Answer<PasskeyView>> {
    let id: PasskeyId = id.parse().map_err(|_| unknown())?;
    let name = checked_name(&ask.name)?;
    let renamed = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                let stored = passkeys::one(change, user.id, id).await?.ok_or_else(unknown)?;
                let key = key_of(&app.core.keys, change, user.id).await?;
                let mut details = Details::open(&key, &stored)?;
                details.name.clone_from(&name);
                passkeys::set_sealed(change, user.id, id, details.seal(&key, id)?)?;
                let view = PasskeyView::new(id, details.name, stored.created_at, stored.last_used_at);
                change.commit(events::passkey_renamed(user.id, id, &name), view)
            }
        })
        .await?;
    Ok(Answer(renamed))
}

/// Another person's passkey is as unknown as one that does not exist.
pub(super) fn unknown() -> ApiError {
    Problem::not_found("passkey.unknown", "you have no such passkey").into()
}
