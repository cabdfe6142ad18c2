//! `GET /api-keys`: a person's living keys, never the keys themselves.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::key_scopes::KeyScopes;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, StoredKey};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiResult, Problem},
};

/// An API key.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyView {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// The key itself, sent as `X-Api-Key`. Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    /// How the key begins.
    #[schema(example = "stk_4f09a1")]
    pub(super) hint: String,
    #[schema(value_type = Vec<String>, example = json!(["account:read"]))]
    pub(super) scopes: KeyScopes,
    /// Where it may be used from; from anywhere when there are none.
    pub(super) networks: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub(super) expires_at: Timestamp,
}

/// A person's API keys.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeys {
    items: Vec<ApiKeyView>,
    /// Always null: there are never many.
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/api-keys", tag = "API keys",
    responses((status = 200, body = ApiKeys), (status = 401, body = Problem))
)]
pub(super) async fn list(State(app): State<App>, user: SignedIn) -> ApiResult<Json<ApiKeys>> {
    let now = app.clock.now();
    let keys: DbResult<_> = app
        .read(async move |reader| store::of_owner(reader, user.id).await)
        .await;
    let living = keys?.into_iter().filter(|key| is_alive(key, now));
    Ok(Json(ApiKeys {
        items: living.map(|key| view(&app, key)).collect(),
        next_cursor: None,
    }))
}

pub(super) fn is_alive(key: &StoredKey, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at > now
}

fn view(app: &App, key: StoredKey) -> ApiKeyView {
    ApiKeyView {
        id: key.id.as_uuid(),
        key: None,
        networks: key.networks.split_whitespace().map(Into::into).collect(),
        last_used_at: app.api_keys.last_use(key.id).max(key.last_used_at),
        name: key.name,
        hint: key.hint,
        scopes: key.scopes,
        created_at: key.created_at,
        expires_at: key.expires_at,
    }
}
