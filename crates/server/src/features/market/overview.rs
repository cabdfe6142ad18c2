//! `GET /market/overview`: several assets at once, each with its name, its price now, how that moved since yesterday's
//! close, and its last closes. What a list of holdings or a market page needs in one call.

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use stockade_domain::{price::Price, symbol::Symbol};
use stockade_platform::market::{AssetInfo, Timeframe};
use utoipa::{IntoParams, ToSchema};

use super::splits::adjusted_bars;
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{error::ApiResult, query::Query},
};

/// Days of closes that an asset comes with.
const DAYS: usize = 30;

/// Which assets.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// Symbols with commas between them; all assets if absent. Symbols that are not listed are passed over.
    symbols: Option<String>,
}

/// An asset at a glance.
#[derive(Serialize, ToSchema)]
struct Glance {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    name: &'static str,
    exchange: &'static str,
    class: &'static str,
    tradable: bool,
    #[schema(value_type = String)]
    last: Price,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The close of the day before; null on an asset's first day.
    #[schema(value_type = Option<String>)]
    previous_close: Option<Price>,
    /// The closes of up to thirty days before today, oldest first.
    #[schema(value_type = Vec<String>)]
    closes: Vec<Price>,
}

/// Assets at a glance, sorted by symbol. Those without a price are left out.
#[derive(Serialize, ToSchema)]
pub(super) struct Overview {
    items: Vec<Glance>,
    /// Where the prices come from; `replay` are real closes of the past, played back.
    feed: &'static str,
}

/// Several assets at a glance.
#[utoipa::path(get, path = "/api/v1/market/overview", tag = "market", params(Ask), responses((status = 200, body = Overview)))]
pub(super) async fn overview(
    _: SignedIn,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<Overview>> {
    let wanted: Option<Vec<&str>> = ask.symbols.as_deref().map(|list| list.split(',').collect());
    let is_wanted = |asset: &&AssetInfo| {
        wanted
            .as_ref()
            .is_none_or(|symbols| symbols.contains(&asset.symbol.as_str()))
    };
    let now = app.clock.now();
    let items = app.market.assets().iter().filter(is_wanted);
    Ok(Json(Overview {
        items: items.filter_map(|asset| glance(&app, asset, now)).collect(),
        feed: app.market.label(),
    }))
}

fn glance(app: &App, asset: &AssetInfo, now: Timestamp) -> Option<Glance> {
    let quote = app.market.quote(&asset.symbol, now)?;
    let day = Timeframe::Day.seconds();
    let today = Timestamp::from_second(now.as_second() - now.as_second().rem_euclid(day)).ok()?;
    let start = today
        .checked_sub(SignedDuration::from_secs(day * DAYS as i64))
        .ok()?;
    let closes: Vec<Price> = adjusted_bars(app, asset.symbol, Timeframe::Day, start, today, DAYS)
        .iter()
        .map(|bar| bar.c)
        .collect();
    Some(Glance {
        symbol: asset.symbol,
        name: asset.name,
        exchange: asset.exchange,
        class: asset.class.as_str(),
        tradable: asset.tradable,
        last: quote.last(),
        at: quote.at(),
        previous_close: closes.last().copied(),
        closes,
    })
}
