//! The market: what can be traded, and at what prices. They come from the configured feed.
//!
//! Invariants: nothing is traded on a price that is stale. Prices from outside are stored as they came, before anybody
//! sees them.
//!
//! Tables: `market_listings`, `market_bars`, `market_quotes`, `market_version`.

mod assets;
mod bars;
mod events;
mod import;
mod listing;
mod overview;
mod poll;
mod refresh;
mod splits;
mod store;

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

pub use self::{
    import::{LineProblem, Prices, import, quotes_imports},
    poll::{poll_days, poll_quotes},
    refresh::{follow_prices, refresh},
    splits::{Split, Splits, adjusted_bars},
};

/// `/assets…`, `/market/overview`, `/admin/assets`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assets::list).may(Permission::ReadMarket))
        .routes(routes!(assets::show).may(Permission::ReadMarket))
        .routes(routes!(assets::quote).may(Permission::ReadMarket))
        .routes(routes!(bars::list).may(Permission::ReadMarket))
        .routes(routes!(overview::overview).may(Permission::ReadMarket))
        .routes(routes!(listing::list).may(Permission::RunMarket))
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
    fresh_quote(app, symbol)
}

/// The present quote, if it is fresh enough to trade on and trading does not stand still.
pub fn fresh_quote(app: &App, symbol: Symbol) -> ApiResult<Quote> {
    if app.splits.stands_still(symbol, app.clock.now()) {
        let detail = format!("trading in {symbol} stands still for a moment while it splits");
        return Err(Problem::unavailable("market.halted", detail, 5).into());
    }
    let quote = quote(app, symbol)?;
    if app.market.is_stale(&quote, app.clock.now()) {
        let detail = format!(
            "the newest price of {symbol} is from {}; nobody trades on it",
            quote.at()
        );
        return Err(Problem::unavailable("market.stale", detail, 30).into());
    }
    Ok(quote)
}

/// The newest quote of anything that has a price, fresh or not.
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
