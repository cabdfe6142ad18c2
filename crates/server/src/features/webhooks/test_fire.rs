//! `POST /api/admin/webhooks/{id}/test`: one delivery of the kind `webhook.tested`, whatever the webhook's filters.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{events, message::Message, store, view::unknown};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
    security::roles::Administrator,
};

/// The delivery that will be made.
#[derive(Serialize, ToSchema)]
pub(super) struct Enqueued {
    id: Uuid,
}

#[utoipa::path(
    post, path = "/api/admin/webhooks/{id}/test", tag = "administration", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 202, body = Enqueued), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn test_fire(
    admin: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, Json<Enqueued>)> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let enqueued = app
        .change(&*admin, async move |change: &mut Change<'_>| {
            let webhook = store::one(change, id).await?.ok_or_else(unknown)?;
            if webhook.disabled_at.is_some() {
                let detail = "it was switched off; create a new one";
                return Err(Problem::conflict("webhook.disabled", detail).into());
            }
            let (delivery, now) = (change.new_id(), change.now());
            store::enqueue(change, delivery, id, &Message::test(now), now)?;
            change.commit(events::tested(id), Enqueued { id: delivery })
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(enqueued)))
}
