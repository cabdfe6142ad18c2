//! The market: what can be traded, and at what prices. It owns no tables; prices come from the configured feed.

mod assets;
mod bars;
mod overview;

use stockade_domain::{
    quote::Quote,
    symbol::{InvalidSymbol, Symbol},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    http::error::{ApiResult, Problem},
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/assets…`, `/market/overview`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assets::list).may(Permission::ReadMarket))
        .routes(routes!(assets::show).may(Permission::ReadMarket))
        .routes(routes!(assets::quote).may(Permission::ReadMarket))
        .routes(routes!(bars::list).may(Permission::ReadMarket))
        .routes(routes!(overview::overview).may(Permission::ReadMarket))
}

/// The present quote of something that can be traded.
pub fn tradable_quote(app: &App, symbol: Symbol) -> ApiResult<Quote> {
    if !known(app, symbol)?.tradable {
        return Err(Problem::unprocessable(
            "order.not_tradable",
            format!("{symbol} is an index and cannot be traded"),
        )
        .field("symbol", "names something that cannot be traded")
        .into());
    }
    quote(app, symbol)
}

/// The present quote of anything that has a price.
pub fn quote(app: &App, symbol: Symbol) -> ApiResult<Quote> {
    app.market.quote(&symbol, app.clock.now()).ok_or_else(|| {
        Problem::unavailable(
            "market.no_price",
            format!("there is no price of {symbol} right now"),
            5,
        )
        .into()
    })
}

/// The symbol, if it is listed; 422 otherwise.
pub fn listed(app: &App, symbol: Symbol) -> ApiResult<Symbol> {
    known(app, symbol).map(|asset| asset.symbol)
}

/// The symbol that a path names, if it is listed; 404 otherwise.
pub fn listed_in_path(app: &App, symbol: &str) -> ApiResult<Symbol> {
    in_path(app, symbol).map(|asset| asset.symbol)
}

/// The asset, or 404/422 in the words of whoever asked.
fn known(app: &App, symbol: Symbol) -> ApiResult<&stockade_platform::market::AssetInfo> {
    app.market.asset(&symbol).ok_or_else(|| {
        Problem::unprocessable(
            "asset.unknown",
            format!("there is no asset {symbol}; GET /api/v1/assets lists them"),
        )
        .field("symbol", "is not a listed asset")
        .into()
    })
}

/// A symbol in a path: anything that is not one is simply not found.
pub fn in_path<'a>(app: &'a App, symbol: &str) -> ApiResult<&'a stockade_platform::market::AssetInfo> {
    let not_found = || Problem::not_found("asset.unknown", format!("there is no asset {symbol}"));
    let parsed: Symbol = symbol.parse().map_err(|_: InvalidSymbol| not_found())?;
    Ok(app.market.asset(&parsed).ok_or_else(not_found)?)
}
