//! `GET /api/admin/webhooks`: all webhooks.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Webhook};
use crate::{
    app::App,
    http::{
        error::{ApiResult, Problem},
        page::Page,
    },
    security::roles::Administrator,
};

/// A webhook.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookView {
    id: Uuid,
    url: String,
    /// Kinds, families such as `order.*`, or `*`.
    kinds: Vec<String>,
    /// What signatures are checked with; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when no delivery has succeeded.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// When it was switched off.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
    /// `gone`, `failing` or `secret_tampered`.
    disabled_why: Option<String>,
}

impl WebhookView {
    pub(super) fn of(webhook: Webhook, secret: Option<String>) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url,
            kinds: webhook.kinds,
            secret,
            created_at: webhook.created_at,
            failing_since: webhook.failing_since,
            disabled_at: webhook.disabled_at,
            disabled_why: webhook.disabled_why,
        }
    }
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("webhook.unknown", "there is no such webhook")
}

#[utoipa::path(
    get, path = "/api/admin/webhooks", tag = "administration",
    responses((status = 200, body = Page<WebhookView>), (status = 403, body = Problem))
)]
pub(super) async fn list(_: Administrator, State(app): State<App>) -> ApiResult<Json<Page<WebhookView>>> {
    let webhooks: DbResult<Vec<Webhook>> = app.read(async move |reader| store::all(reader).await).await;
    let items = webhooks?
        .into_iter()
        .map(|webhook| WebhookView::of(webhook, None));
    Ok(Json(Page {
        items: items.collect(),
        next_cursor: None,
    }))
}
