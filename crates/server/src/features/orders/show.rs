//! `GET /orders` and `/orders/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use stockade_domain::ids::OrderId;
use stockade_platform::db::DbResult;
use utoipa::IntoParams;

use super::{
    store,
    view::{OrderView, all_noted},
};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::ledger,
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
};

/// Which orders; both may be left out.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct OrdersAsk {
    /// `next_cursor` of the page before.
    cursor: Option<uuid::Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    limit: Option<u32>,
    /// Only orders of this symbol.
    symbol: Option<String>,
    /// Only orders that may still be filled (`true`), or only those that may not (`false`).
    open: Option<bool>,
}

/// One's orders, newest first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(OrdersAsk), responses((status = 200, body = Page<OrderView>)))]
pub(super) async fn list(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<OrdersAsk>,
) -> ApiResult<Json<Page<OrderView>>> {
    let account = ledger::account_of(&app, user.id).await?;
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let (cursor, rows) = (page.cursor, page.rows());
    let only = store::Only {
        symbol: ask.symbol,
        open: ask.open,
    };
    let owner = user.id;
    let views: DbResult<_> = app
        .read(async move |reader| {
            let views = store::list(reader, account.id, &only, cursor, rows).await?;
            all_noted(reader, owner, views).await
        })
        .await;
    let views = views?;
    Ok(Json(page.page(views, |view| view.id.as_uuid())))
}

/// One order with its fills.
#[utoipa::path(
    get, path = "/api/v1/orders/{id}", tag = "orders",
    responses((status = 200, body = OrderView), (status = 404, body = Problem))
)]
pub(super) async fn show(
    user: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<OrderView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let (owner, id) = (user.id, in_path(&id)?);
    let found: DbResult<_> = app
        .read(async move |reader| super::one(reader, owner, account.id, id).await)
        .await;
    Ok(Json(found?.ok_or_else(unknown)?))
}

/// An id in a path: what is not one is not found.
pub(super) fn in_path(text: &str) -> ApiResult<OrderId> {
    Ok(text.parse().map_err(|_| unknown())?)
}

/// There is none, or it is somebody else's: nobody can tell which.
pub(super) fn unknown() -> Problem {
    Problem::not_found("order.unknown", "you have no such order")
}
