//! Where the work is done: in the background, because a walk through a series keeps a core busy for a second or so.

use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::{Offset, TimeZone},
};
use stockade_domain::symbol::Symbol;
use stockade_forecasts::{LONGEST_HORIZON, Series, SeriesRefused, evaluate};
use stockade_platform::{background, market::Timeframe};
use tokio::sync::oneshot;

use super::document::Document;
use crate::{
    app::App,
    features::market,
    http::error::{ApiError, ApiResult},
};

/// A forecast is made from the closes of this year and of so many years before it. Since the start moves but once a year,
/// what is told of past forecasts is, from day to day, what was forecast.
const YEARS: i16 = 5;

/// Past forecasts kept beside the present one.
const PAST: usize = 60;

/// What was made of a symbol's closes.
pub(super) struct Made {
    pub(super) closes: usize,
    /// One for each horizon, from one day on; none when there are too few closes.
    pub(super) documents: Vec<Document>,
}

/// Evaluates a symbol's closes up to the end of a day.
pub(super) async fn compute(app: &App, symbol: Symbol, as_of: Timestamp) -> ApiResult<Made> {
    let closes = closes(app, symbol, as_of);
    let (answer, answered) = oneshot::channel();
    background::spawn("forecasts", move || drop(answer.send(make(&closes))))
        .map_err(|error| ApiError::Fault(format!("no thread for forecasts: {error}")))?;
    answered
        .await
        .map_err(|_| ApiError::Fault(format!("making forecasts of {symbol} ended in a panic")))?
}

fn make(closes: &[(Date, f64)]) -> ApiResult<Made> {
    let series = match Series::new(closes.iter().copied()) {
        Ok(series) => series,
        Err(SeriesRefused::TooShort(closes)) => {
            return Ok(Made {
                closes,
                documents: Vec::new(),
            });
        }
        Err(error) => return Err(ApiError::Fault(format!("the market's closes: {error}"))),
    };
    let found = evaluate(&series, |_, _| {});
    let document = |horizon| {
        let report = found.report(horizon);
        Document {
            day: found.as_of(),
            last: closes[closes.len() - 1].1,
            path: found.path(report.chosen, horizon),
            past: found.past(report.chosen, horizon, PAST),
            report,
        }
    };
    Ok(Made {
        closes: closes.len(),
        documents: (1..=LONGEST_HORIZON).map(document).collect(),
    })
}

/// The closes, oldest first, each under the day (UTC) that it ends.
fn closes(app: &App, symbol: Symbol, as_of: Timestamp) -> Vec<(Date, f64)> {
    let utc = TimeZone::fixed(Offset::UTC);
    let year = as_of.to_zoned(utc.clone()).year() - YEARS;
    let start = date(year, 1, 1).to_zoned(utc.clone());
    let start = start.map_or(Timestamp::MIN, |start| start.timestamp());
    let bars = market::adjusted_bars(app, symbol, Timeframe::Day, start, as_of, usize::MAX);
    bars.iter()
        .map(|bar| (bar.t.to_zoned(utc.clone()).date(), price(bar.c.micros())))
        .collect()
}

fn price(micros: i64) -> f64 {
    micros as f64 / 1e6
}
