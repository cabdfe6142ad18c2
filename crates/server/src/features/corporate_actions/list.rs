//! `GET /admin/corporate-actions`: what was announced, and how far it is applied.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{corporate_actions::Terms, price::Price, symbol::Symbol};
use stockade_platform::db::Reader;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Action, store};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{
        error::ApiResult,
        page::{Page, PageAsk},
        query::Query,
    },
};

/// A split or a cash dividend.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CorporateActionView {
    id: Uuid,
    #[schema(value_type = String)]
    symbol: Symbol,
    /// `split` or `cash_dividend`
    #[serde(rename = "type")]
    kind: &'static str,
    new_shares: Option<u32>,
    old_shares: Option<u32>,
    #[schema(value_type = Option<String>)]
    cash_in_lieu_price: Option<Price>,
    #[schema(value_type = Option<String>)]
    amount_per_share: Option<Price>,
    /// `announced`, `applying` or `applied`
    status: String,
    /// Holders it was applied to so far.
    holders: i64,
    #[schema(value_type = String, format = DateTime)]
    effective_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    announced_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    applied_at: Option<Timestamp>,
}

impl CorporateActionView {
    pub(super) fn of(action: &Action, holders: i64) -> Self {
        let (ratio, cash_in_lieu, per_share) = match action.terms {
            Terms::Split { ratio, cash_in_lieu } => (Some(ratio), cash_in_lieu, None),
            Terms::CashDividend { per_share } => (None, None, Some(per_share)),
        };
        Self {
            id: action.id,
            symbol: action.symbol,
            kind: store::kind(&action.terms),
            new_shares: ratio.map(|ratio| ratio.new_shares()),
            old_shares: ratio.map(|ratio| ratio.old_shares()),
            cash_in_lieu_price: cash_in_lieu,
            amount_per_share: per_share,
            status: action.status.clone(),
            holders,
            effective_at: action.effective_at,
            announced_at: action.announced_at,
            applied_at: action.applied_at,
        }
    }
}

/// Announced actions, newest first.
#[utoipa::path(
    get, path = "/api/v1/admin/corporate-actions", tag = "administration", params(PageAsk),
    responses((status = 200, body = Page<CorporateActionView>))
)]
pub(super) async fn list(
    _: SignedIn,
    State(app): State<App>,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Json<Page<CorporateActionView>>> {
    let (before, rows) = (ask.cursor, ask.rows());
    let found = app
        .read(async move |reader: &mut Reader| store::list(reader, before, rows).await)
        .await?;
    let views = found
        .iter()
        .map(|(action, holders)| CorporateActionView::of(action, *holders));
    Ok(Json(
        ask.page(views.collect(), |view: &CorporateActionView| view.id),
    ))
}
