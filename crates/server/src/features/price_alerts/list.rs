//! `GET /price-alerts`: one's own alerts.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{price::Price, symbol::Symbol};
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Alert};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{
        error::ApiResult,
        page::{Page, PageAsk},
        query::Query,
    },
};

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceAlertView {
    id: Uuid,
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    /// `above`: the price has risen to `price`; `below`: it has fallen to it.
    #[schema(example = "above")]
    condition: &'static str,
    #[schema(value_type = String, example = "65.00")]
    price: Price,
    /// `waiting` or `fired`.
    #[schema(example = "waiting")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    fired_at: Option<Timestamp>,
    /// The farthest the price went when it fired.
    #[schema(value_type = Option<String>)]
    fired_price: Option<Price>,
}

impl From<Alert> for PriceAlertView {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            symbol: alert.symbol,
            condition: alert.condition(),
            price: alert.price,
            status: if alert.fired_at.is_some() {
                "fired"
            } else {
                "waiting"
            },
            created_at: alert.created_at,
            fired_at: alert.fired_at,
            fired_price: alert.fired_price,
        }
    }
}

/// One's own price alerts, newest first.
#[utoipa::path(
    get, path = "/api/v1/price-alerts", tag = "market", params(PageAsk), responses((status = 200, body = Page<PriceAlertView>))
)]
pub(super) async fn list(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Json<Page<PriceAlertView>>> {
    let (cursor, rows) = (ask.cursor, ask.rows());
    let found: DbResult<_> = app
        .read(async move |reader: &mut Reader| store::of_owner(reader, user.id, cursor, rows).await)
        .await;
    let views = found?.into_iter().map(PriceAlertView::from).collect();
    Ok(Json(ask.page(views, |view: &PriceAlertView| view.id)))
}
