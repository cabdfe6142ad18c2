//! `GET /assets/{symbol}/bars`.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use stockade_domain::price::Price;
use stockade_platform::market::{Bar, Timeframe};
use utoipa::{IntoParams, ToSchema};

use super::{in_path, splits::adjusted_bars};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{
        error::{ApiResult, Problem},
        query::Query,
    },
};

/// Bars in one answer at most.
const MOST: usize = 1_000;

/// Which bars.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// `1Min`, `5Min`, `15Min`, `1Hour` or `1Day`; `1Day` if absent.
    timeframe: Option<String>,
    /// The first bar starts here or later; if absent, 100 bars before `end`.
    #[param(value_type = Option<String>)]
    start: Option<Timestamp>,
    /// No bar starts here or later; the present if absent or in the future.
    #[param(value_type = Option<String>)]
    end: Option<Timestamp>,
    /// Bars at most, up to 1,000.
    limit: Option<usize>,
    /// `split`: prices of before a split in the shares of today; `raw`: as they were. `split` if absent.
    #[param(inline)]
    adjustment: Option<Adjustment>,
}

/// What is made of prices.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Adjustment {
    #[default]
    Split,
    Raw,
}

/// The prices of one stretch of time. The volume is null where the feed has none.
#[derive(Serialize, ToSchema)]
pub(super) struct BarView {
    #[schema(value_type = String, format = DateTime)]
    t: Timestamp,
    #[schema(value_type = String)]
    o: Price,
    #[schema(value_type = String)]
    h: Price,
    #[schema(value_type = String)]
    l: Price,
    #[schema(value_type = String)]
    c: Price,
    v: Option<u64>,
}

/// Bars, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct BarList {
    items: Vec<BarView>,
    /// Where the prices come from.
    feed: &'static str,
    /// The start to ask for next, when there are more.
    next_cursor: Option<String>,
}

/// Prices over time, oldest first.
#[utoipa::path(get, path = "/api/v1/assets/{symbol}/bars", tag = "market", params(Ask), responses((status = 200, body = BarList)))]
pub(super) async fn list(
    _: SignedIn,
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<BarList>> {
    let symbol = in_path(&app, &symbol)?.symbol;
    let timeframe: Timeframe = match ask.timeframe.as_deref() {
        None => Timeframe::Day,
        Some(text) => text.parse().map_err(|error| {
            Problem::unprocessable("market.unknown_timeframe", format!("{error}"))
                .field("timeframe", "is not known")
        })?,
    };
    let limit = ask.limit.unwrap_or(MOST).clamp(1, MOST);
    let now = app.clock.now();
    let end = ask.end.map_or(now, |end| end.min(now));
    let hundred = SignedDuration::from_secs(timeframe.seconds() * 100);
    let start = ask
        .start
        .unwrap_or_else(|| end.checked_sub(hundred).unwrap_or(Timestamp::MIN));
    let bars = match ask.adjustment.unwrap_or_default() {
        Adjustment::Split => adjusted_bars(&app, symbol, timeframe, start, end, limit + 1),
        Adjustment::Raw => app.market.bars(&symbol, timeframe, start, end, limit + 1),
    };
    let next_cursor = bars.get(limit).map(|bar| bar.t.to_string());
    let items = bars.into_iter().take(limit).map(BarView::from).collect();
    Ok(Json(BarList {
        items,
        feed: app.market.label(),
        next_cursor,
    }))
}

impl From<Bar> for BarView {
    fn from(Bar { t, o, h, l, c, v }: Bar) -> Self {
        Self { t, o, h, l, c, v }
    }
}
