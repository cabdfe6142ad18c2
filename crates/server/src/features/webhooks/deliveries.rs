//! `GET /api/admin/webhooks/{id}/deliveries`: what was delivered, what waits, and what failed why.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::Reader;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    store::{self, Delivery},
    view::unknown,
};
use crate::{
    app::App,
    http::{
        error::{ApiError, ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::Administrator,
};

/// One delivery.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryView {
    /// Part of the header `webhook-id`, the same at each try.
    id: Uuid,
    kind: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `waiting`, `delivered` or `failed`.
    status: &'static str,
    tries: i64,
    /// The HTTP status of the last answer.
    answer: Option<i64>,
    /// Why the last try failed.
    problem: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
}

#[utoipa::path(
    get, path = "/api/admin/webhooks/{id}/deliveries", tag = "administration", params(("id" = Uuid, Path), PageAsk),
    responses((status = 200, body = Page<DeliveryView>), (status = 404, body = Problem))
)]
pub(super) async fn list(
    _: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Json<Page<DeliveryView>>> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let (before, rows) = (ask.cursor.unwrap_or(Uuid::max()), ask.rows());
    let found = app
        .read(async move |reader: &mut Reader| {
            store::one(reader, id).await?.ok_or_else(unknown)?;
            Ok::<_, ApiError>(store::deliveries(reader, id, before, rows).await?)
        })
        .await?;
    Ok(Json(
        ask.page(found.into_iter().map(view).collect(), |delivery| delivery.id),
    ))
}

fn view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        id: delivery.id,
        kind: delivery.kind,
        created_at: delivery.created_at,
        status: match (delivery.delivered_at, delivery.failed_at) {
            (Some(_), _) => "delivered",
            (None, Some(_)) => "failed",
            (None, None) => "waiting",
        },
        tries: delivery.tries,
        answer: delivery.status,
        problem: delivery.problem,
        delivered_at: delivery.delivered_at,
    }
}
