//! `GET /assets`, `/assets/{symbol}`, `/assets/{symbol}/quote`.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{price::Price, symbol::Symbol};
use stockade_platform::market::AssetInfo;
use utoipa::{IntoParams, ToSchema};

use super::in_path;
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{error::ApiResult, query::Query},
};

/// Something that has a price.
#[derive(Serialize, ToSchema)]
pub(super) struct AssetView {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    name: &'static str,
    exchange: &'static str,
    class: &'static str,
    status: &'static str,
    tradable: bool,
    fractionable: bool,
}

impl From<&AssetInfo> for AssetView {
    fn from(asset: &AssetInfo) -> Self {
        Self {
            symbol: asset.symbol,
            name: asset.name,
            exchange: asset.exchange,
            class: asset.class.as_str(),
            status: "active",
            tradable: asset.tradable,
            fractionable: asset.fractionable,
        }
    }
}

/// All assets; there are few, so they come in one page.
#[derive(Serialize, ToSchema)]
pub(super) struct AssetList {
    items: Vec<AssetView>,
    next_cursor: Option<String>,
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    /// The beginning of a symbol, or part of a name.
    query: Option<String>,
}

/// Everything that has a price; with `query`, what matches by symbol or name.
#[utoipa::path(get, path = "/api/v1/assets", tag = "market", params(Search), responses((status = 200, body = AssetList)))]
pub(super) async fn list(_: SignedIn, State(app): State<App>, Query(ask): Query<Search>) -> Json<AssetList> {
    let items = match ask.query {
        Some(text) => app
            .market
            .search(&text)
            .into_iter()
            .map(AssetView::from)
            .collect(),
        None => app.market.assets().iter().map(AssetView::from).collect(),
    };
    Json(AssetList {
        items,
        next_cursor: None,
    })
}

/// One asset.
#[utoipa::path(get, path = "/api/v1/assets/{symbol}", tag = "market", responses((status = 200, body = AssetView)))]
pub(super) async fn show(
    _: SignedIn,
    State(app): State<App>,
    Path(symbol): Path<String>,
) -> ApiResult<Json<AssetView>> {
    Ok(Json(in_path(&app, &symbol)?.into()))
}

/// What an asset can be bought and sold for right now.
#[derive(Serialize, ToSchema)]
pub(super) struct QuoteView {
    #[schema(value_type = String)]
    symbol: Symbol,
    #[schema(value_type = String, example = "62.54")]
    bid: Price,
    #[schema(value_type = String)]
    ask: Price,
    #[schema(value_type = String)]
    last: Price,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Where the prices come from; `replay` are real closes of the past, played back.
    feed: &'static str,
    delayed: bool,
}

/// Bid, ask and last right now.
#[utoipa::path(get, path = "/api/v1/assets/{symbol}/quote", tag = "market", responses((status = 200, body = QuoteView)))]
pub(super) async fn quote(
    _: SignedIn,
    State(app): State<App>,
    Path(symbol): Path<String>,
) -> ApiResult<Json<QuoteView>> {
    let symbol = in_path(&app, &symbol)?.symbol;
    let quote = super::quote(&app, symbol)?;
    Ok(Json(QuoteView {
        symbol,
        bid: quote.bid(),
        ask: quote.ask(),
        last: quote.last(),
        at: quote.at(),
        feed: app.market.label(),
        delayed: app.market.is_delayed(&quote, app.clock.now()),
    }))
}
