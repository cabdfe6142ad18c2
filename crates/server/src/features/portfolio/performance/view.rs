//! The answer: points, figures, and reasons where there is no figure.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    currency::Currency,
    money::Money,
    performance::{Drawdown, Figure, Unavailable},
    price::Price,
};
use utoipa::ToSchema;

use super::{
    figures::{self, Figures},
    period::Period,
    series::Series,
};
use crate::{
    app::App,
    features::{
        market,
        portfolio::value::{Prices, benchmark, day_of},
    },
};

/// Why a figure is missing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reason {
    /// `nothing_invested`, `too_few_returns`, `no_spread`, `no_time`, `no_rate` or `no_price`
    code: &'static str,
    /// The same for people.
    detail: String,
}

/// A ratio, such as 0.05 for 5 %, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FigureView {
    value: Option<f64>,
    unavailable: Option<Reason>,
}

/// The deepest fall.
#[derive(Debug, Serialize, ToSchema)]
struct DrawdownView {
    /// What was lost of the height, such as −0.25.
    value: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    peak_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    trough_at: Option<Timestamp>,
    unavailable: Option<Reason>,
}

/// The market's index over the same time.
#[derive(Debug, Serialize, ToSchema)]
struct BenchmarkView {
    symbol: String,
    name: String,
    /// What it returned from the beginning to now.
    #[serde(rename = "return")]
    return_: FigureView,
}

/// The account at one instant.
#[derive(Debug, Serialize, ToSchema)]
struct PointView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Cash and positions; null where a price is missing.
    #[schema(value_type = Option<String>)]
    value: Option<Money>,
    /// What came in from outside less what went there, since the point before.
    #[schema(value_type = String)]
    net_flow: Money,
    /// Time-weighted return since the beginning; null before anything was invested.
    twr: Option<f64>,
    /// What the index returned since the beginning.
    benchmark: Option<f64>,
}

/// How an account did over a period that ends now.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::features::portfolio) struct PerformanceView {
    period: &'static str,
    currency: &'static str,
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Where the prices come from; `replay` are real closes of the past, played back.
    feed: &'static str,
    /// Value when the period began; zero when the account was empty or not there yet.
    #[schema(value_type = Option<String>)]
    opening_value: Option<Money>,
    #[schema(value_type = Option<String>)]
    closing_value: Option<Money>,
    #[schema(value_type = String)]
    inflow: Money,
    #[schema(value_type = String)]
    outflow: Money,
    /// Closing value less opening value and net flow.
    #[schema(value_type = Option<String>)]
    gain: Option<Money>,
    /// Time-weighted: daily returns multiplied; deposits count from the beginning of their day, withdrawals until its
    /// end.
    twr: FigureView,
    /// Money-weighted, yearly (XIRR, act/365).
    xirr: FigureView,
    /// The same rate over the period.
    money_weighted: FigureView,
    max_drawdown: DrawdownView,
    /// Yearly: sample standard deviation of daily returns × √252.
    volatility: FigureView,
    /// Yearly, over a risk-free rate of zero.
    sharpe: FigureView,
    /// Historical, of a day, at 95 %.
    var_95: FigureView,
    /// Historical expected shortfall of a day at 95 %.
    cvar_95: FigureView,
    /// Whole trading days that the last four are estimated from.
    trading_days: usize,
    /// Null where the market has no index.
    benchmark: Option<BenchmarkView>,
    points: Vec<PointView>,
}

/// Draws up the answer.
pub(super) fn view(
    app: &App,
    prices: &mut Prices<'_>,
    currency: Currency,
    period: Period,
    series: &Series,
    now: Timestamp,
) -> PerformanceView {
    let figures = figures::figures(series);
    let money = |minor| Money::new(minor, currency);
    let opening = series.base.map_or(Some(0), |base| base.value);
    let closing = series.points.last().and_then(|point| point.value);
    let inflow: i64 = series.points.iter().map(|point| point.inflow).sum();
    let outflow: i64 = series.points.iter().map(|point| point.outflow).sum();
    let index = index(app, prices, period, series, &figures, now);
    let (benchmark, grown) = index.map_or((None, vec![None; series.points.len()]), |(view, grown)| {
        (Some(view), grown)
    });
    let begun = series.base.or(series.points.first().copied());
    let base = series.base.map(|base| PointView {
        at: base.at,
        value: base.value.map(money),
        net_flow: money(0),
        twr: Some(0.0),
        benchmark: benchmark.as_ref().map(|_| 0.0),
    });
    let points = series.points.iter().zip(&figures.growth).zip(&grown);
    let points = points.map(|((point, twr), benchmark)| PointView {
        at: point.at,
        value: point.value.map(money),
        net_flow: money(point.inflow - point.outflow),
        twr: *twr,
        benchmark: *benchmark,
    });
    PerformanceView {
        period: period.as_str(),
        currency: currency.as_str(),
        from: begun.map_or(now, |point| point.at),
        to: now,
        feed: app.market.label(),
        opening_value: opening.map(money),
        closing_value: closing.map(money),
        inflow: money(inflow),
        outflow: money(outflow),
        gain: opening
            .zip(closing)
            .map(|(opening, closing)| money(closing - opening - inflow + outflow)),
        twr: figures.time_weighted.into(),
        xirr: figures.xirr.into(),
        money_weighted: figures.money_weighted.into(),
        max_drawdown: figures.drawdown.into(),
        volatility: figures.volatility.into(),
        sharpe: figures.sharpe.into(),
        var_95: figures.value_at_risk.into(),
        cvar_95: figures.conditional_value_at_risk.into(),
        trading_days: figures.trading_days,
        benchmark,
        points: base.into_iter().chain(points).collect(),
    }
}

/// The index from where the account's own return begins, and its growth up to each point.
fn index(
    app: &App,
    prices: &mut Prices<'_>,
    period: Period,
    series: &Series,
    figures: &Figures,
    now: Timestamp,
) -> Option<(BenchmarkView, Vec<Option<f64>>)> {
    let asset = benchmark(app)?;
    let symbol = asset.symbol;
    let mut at = |at: Timestamp| match () {
        () if at == now => market::quote(app, symbol).ok().map(|quote| quote.last()),
        () if period.is_intraday() => prices.at(symbol, at),
        () => prices.close(symbol, day_of(at)),
    };
    // A return of the first point counts from the close before it.
    let day = jiff::SignedDuration::from_hours(if period.is_intraday() { 1 } else { 24 });
    let first = figures.growth.iter().position(Option::is_some);
    let begins = match (series.base, first) {
        (Some(base), _) => Some(base.at),
        (None, Some(first)) => Some(series.points[first].at - day),
        (None, None) => None,
    };
    let base = begins.and_then(&mut at);
    let growth = |price: Option<Price>| {
        let (price, base) = (price?.micros(), base.filter(|base| base.is_positive())?.micros());
        Some(price as f64 / base as f64 - 1.0)
    };
    let grown: Vec<Option<f64>> = series
        .points
        .iter()
        .map(|point| growth(at(point.at)).filter(|_| begins.is_some_and(|begins| begins < point.at)))
        .collect();
    let total = match (begins, grown.last().copied().flatten()) {
        (None, _) => Err(Unavailable::NothingInvested),
        (_, None) => Err(Unavailable::NoPrice),
        (_, Some(total)) => Ok(total),
    };
    let view = BenchmarkView {
        symbol: symbol.to_string(),
        name: asset.name.to_string(),
        return_: total.into(),
    };
    Some((view, grown))
}

impl From<Unavailable> for Reason {
    fn from(why: Unavailable) -> Self {
        Self {
            code: why.code(),
            detail: why.to_string(),
        }
    }
}

impl From<Figure> for FigureView {
    fn from(figure: Figure) -> Self {
        match figure {
            Ok(value) => Self {
                value: Some(value),
                unavailable: None,
            },
            Err(why) => Self {
                value: None,
                unavailable: Some(why.into()),
            },
        }
    }
}

impl From<Result<Drawdown<Timestamp>, Unavailable>> for DrawdownView {
    fn from(found: Result<Drawdown<Timestamp>, Unavailable>) -> Self {
        let FigureView { value, unavailable } = Drawdown::figure(&found).into();
        Self {
            value,
            peak_at: found.as_ref().ok().map(|fall| fall.peak),
            trough_at: found.as_ref().ok().map(|fall| fall.trough),
            unavailable,
        }
    }
}
