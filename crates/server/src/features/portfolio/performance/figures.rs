//! The figures of a series of values.

use jiff::Timestamp;
use stockade_domain::performance::{
    self, Drawdown, Figure, Flow, Stretch, Unavailable, conditional_value_at_risk, max_drawdown, sharpe,
    time_weighted, value_at_risk, volatility,
};

use super::series::{Point, Series};
use crate::features::portfolio::value::day_of;

/// Days of a year (act/365).
const YEAR: f64 = 365.0;

/// Everything that is told of a period.
pub(super) struct Figures {
    pub(super) time_weighted: Figure,
    /// Yearly.
    pub(super) xirr: Figure,
    /// The same rate over the period.
    pub(super) money_weighted: Figure,
    pub(super) drawdown: Result<Drawdown<Timestamp>, Unavailable>,
    pub(super) volatility: Figure,
    pub(super) sharpe: Figure,
    pub(super) value_at_risk: Figure,
    pub(super) conditional_value_at_risk: Figure,
    /// Whole trading days that volatility and what follows are estimated from.
    pub(super) trading_days: usize,
    /// The growth of one unit up to each point, less one; `None` before anything was invested.
    pub(super) growth: Vec<Option<f64>>,
}

/// Computes all figures; without a price somewhere there are none.
pub(super) fn figures(series: &Series) -> Figures {
    let Some(stretches) = stretches(series) else {
        return unavailable(series, Unavailable::NoPrice);
    };
    let returns: Vec<f64> = series
        .points
        .iter()
        .zip(&stretches)
        .filter(|(point, _)| point.is_trading_day)
        .filter_map(|(_, stretch)| Some(stretch.growth()? - 1.0))
        .collect();
    let growth = growth(&stretches);
    let flows = flows(series);
    let xirr = performance::money_weighted(&flows);
    Figures {
        time_weighted: time_weighted(&stretches),
        xirr,
        money_weighted: xirr.map(|rate| over_period(rate, &flows)),
        drawdown: max_drawdown(index(series, &growth)),
        volatility: volatility(&returns),
        sharpe: sharpe(&returns, 0.0),
        value_at_risk: value_at_risk(&returns),
        conditional_value_at_risk: conditional_value_at_risk(&returns),
        trading_days: returns.len(),
        growth,
    }
}

fn unavailable(series: &Series, why: Unavailable) -> Figures {
    Figures {
        time_weighted: Err(why),
        xirr: Err(why),
        money_weighted: Err(why),
        drawdown: Err(why),
        volatility: Err(why),
        sharpe: Err(why),
        value_at_risk: Err(why),
        conditional_value_at_risk: Err(why),
        trading_days: 0,
        growth: vec![None; series.points.len()],
    }
}

/// From each point to the next; `None` when a value is missing.
fn stretches(series: &Series) -> Option<Vec<Stretch>> {
    let mut opening = match &series.base {
        Some(base) => base.value?,
        None => 0,
    };
    let mut stretches = Vec::with_capacity(series.points.len());
    for point in &series.points {
        let closing = point.value?;
        stretches.push(Stretch {
            opening,
            inflow: point.inflow,
            closing,
            outflow: point.outflow,
        });
        opening = closing;
    }
    Some(stretches)
}

fn growth(stretches: &[Stretch]) -> Vec<Option<f64>> {
    let mut index = 1.0;
    let mut invested = false;
    let grown = stretches.iter().map(|stretch| {
        if let Some(growth) = stretch.growth() {
            index *= growth;
            invested = true;
        }
        invested.then_some(index - 1.0)
    });
    grown.collect()
}

/// One unit of money through time, from where it was first invested.
fn index(series: &Series, growth: &[Option<f64>]) -> Vec<(Timestamp, f64)> {
    let mut index = Vec::with_capacity(growth.len() + 1);
    for (point, growth) in series.points.iter().zip(growth) {
        let Some(growth) = growth else { continue };
        if index.is_empty() {
            index.push((series.base.map_or(point.at, |base| base.at), 1.0));
        }
        index.push((point.at, 1.0 + growth));
    }
    index
}

/// What the investor paid in and got back: the value at the beginning counts as paid in, that of now as got back.
fn flows(series: &Series) -> Vec<Flow> {
    let flow = |at, amount| Flow {
        day: day_of(at),
        amount,
    };
    let mut flows = Vec::with_capacity(series.points.len() + 2);
    if let Some(Point {
        at,
        value: Some(value),
        ..
    }) = series.base
    {
        flows.push(flow(at, -value));
    }
    let moved = series
        .points
        .iter()
        .filter(|point| point.inflow != 0 || point.outflow != 0);
    flows.extend(moved.map(|point| flow(point.at, point.outflow - point.inflow)));
    if let Some(Point {
        at,
        value: Some(value),
        ..
    }) = series.points.last()
    {
        flows.push(flow(*at, *value));
    }
    flows
}

fn over_period(yearly: f64, flows: &[Flow]) -> f64 {
    let days = flows.iter().map(|flow| flow.day);
    let length = days.clone().max().unwrap_or(0) - days.min().unwrap_or(0);
    (1.0 + yearly).powf(length as f64 / YEAR) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::portfolio::value::end_of;

    fn point(day: i64, value: i64, inflow: i64, outflow: i64) -> Point {
        Point {
            at: end_of(day),
            value: Some(value),
            inflow,
            outflow,
            is_trading_day: true,
        }
    }

    #[test]
    fn an_account_that_begins_within_the_period_counts_from_its_first_deposit() {
        let points = vec![
            point(0, 0, 0, 0),
            point(1, 1_000, 1_000, 0),
            point(2, 1_100, 0, 0),
            point(3, 0, 0, 1_210),
        ];
        let figures = figures(&Series { base: None, points });
        assert!((figures.time_weighted.unwrap() - 0.21).abs() < 1e-12);
        assert_eq!(figures.growth[0], None);
        assert_eq!(figures.trading_days, 3);
        assert_eq!(figures.drawdown.unwrap().depth, 0.0);
        // Two days from 1,000 to 1,210.
        assert!((figures.money_weighted.unwrap() - 0.21).abs() < 1e-9);
        assert_eq!(
            figures.value_at_risk,
            Err(Unavailable::TooFewReturns { have: 3, need: 20 })
        );
    }

    #[test]
    fn a_missing_price_makes_no_figure_zero() {
        let unpriced = Point {
            value: None,
            ..point(2, 0, 0, 0)
        };
        let series = Series {
            base: Some(point(0, 500, 0, 0)),
            points: vec![unpriced, point(3, 500, 0, 0)],
        };
        let figures = figures(&series);
        assert_eq!(figures.time_weighted, Err(Unavailable::NoPrice));
        assert_eq!(figures.xirr, Err(Unavailable::NoPrice));
    }
}
