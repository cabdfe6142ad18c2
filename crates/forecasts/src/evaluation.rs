//! What a walk through a series found: the present forecasts, and every scored one of the past.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Model, Report, Series,
    conformal::LEVELS,
    report::{Share, report},
};

/// Quantiles that the pinball loss is averaged over, as bounds of the two intervals and the point between them.
const QUANTILES: [f64; 5] = [0.025, 0.1, 0.5, 0.9, 0.975];

/// An interval of logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Bounds {
    pub(crate) fn hold(self, outcome: f64) -> bool {
        (self.low..=self.high).contains(&outcome)
    }

    fn prices(self) -> [f64; 2] {
        [libm::exp(self.low), libm::exp(self.high)]
    }
}

/// A scored forecast, in logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// The day it was for, counted from the start of the series.
    day: usize,
    point: f64,
    bounds: [Bounds; LEVELS.len()],
    pub(crate) inside: [bool; LEVELS.len()],
    pub(crate) error: f64,
    /// The error in units of the last price's usual one; zero where prices stood still.
    pub(crate) scaled: f64,
    pub(crate) pinball: f64,
}

impl Outcome {
    pub(crate) fn new(
        day: usize,
        outcome: f64,
        point: f64,
        scale: f64,
        bounds: [Bounds; LEVELS.len()],
    ) -> Self {
        let error = (outcome - point).abs();
        let [inner, outer] = bounds;
        let drawn = [outer.low, inner.low, point, inner.high, outer.high];
        let losses = QUANTILES.iter().zip(drawn).map(|(share, drawn)| {
            let over = outcome - drawn;
            (share * over).max((share - 1.0) * over)
        });
        Self {
            day,
            point,
            bounds,
            inside: bounds.map(|bounds| bounds.hold(outcome)),
            error,
            scaled: if scale > 0.0 { error / scale } else { 0.0 },
            pinball: losses.sum::<f64>() / QUANTILES.len() as f64,
        }
    }
}

/// One candidate's walk. Both lists hold an entry a horizon, from one day on.
pub(crate) struct Record {
    pub(crate) model: Model,
    pub(crate) present: Vec<(f64, [Bounds; LEVELS.len()])>,
    pub(crate) outcomes: Vec<Vec<Outcome>>,
}

/// Everything a walk found.
pub struct Evaluation {
    series: Series,
    records: Vec<Record>,
}

/// A forecast for one day, in prices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The median.
    pub point: f64,
    /// Where the price is meant to be four times in five.
    pub interval_80: [f64; 2],
    /// Where it is meant to be nineteen times in twenty.
    pub interval_95: [f64; 2],
}

/// A forecast of the past, made a horizon before its day, beside what came.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// The day it was for.
    pub day: Date,
    /// What was forecast.
    pub forecast: Step,
    /// What came.
    pub close: f64,
}

impl Evaluation {
    pub(crate) fn new(series: Series, records: Vec<Record>) -> Self {
        Self { series, records }
    }

    /// The last day of the series, which the present forecasts go out from.
    pub fn as_of(&self) -> Date {
        self.series.days()[self.series.days().len() - 1]
    }

    /// How the candidates did at a horizon, and which is chosen for it.
    ///
    /// # Panics
    /// Unless `horizon` is 1 to [`crate::LONGEST_HORIZON`].
    pub fn report(&self, horizon: usize) -> Report {
        let of = |record: &'_ Record| (record.model, record.outcomes[horizon - 1].clone());
        report(horizon, &self.records.iter().map(of).collect::<Vec<_>>())
    }

    /// How many outcomes lay inside a model's 95 % interval, among the days from `from` to `to`, both included.
    pub fn coverage_95(&self, model: Model, horizon: usize, from: Date, to: Date) -> Share {
        let outcomes = self.record(model).outcomes[horizon - 1].iter();
        let counted = outcomes.filter(|outcome| (from..=to).contains(&self.series.days()[outcome.day]));
        Share::of(counted.map(|outcome| outcome.inside[1]))
    }

    /// A model's present forecasts for the days up to a horizon.
    pub fn path(&self, model: Model, horizon: usize) -> Vec<Step> {
        let present = &self.record(model).present[..horizon];
        present
            .iter()
            .map(|(point, bounds)| step(*point, *bounds))
            .collect()
    }

    /// A model's last forecasts at a horizon whose outcome has come, oldest first.
    pub fn past(&self, model: Model, horizon: usize, most: usize) -> Vec<Past> {
        let outcomes = &self.record(model).outcomes[horizon - 1];
        let recent = &outcomes[outcomes.len().saturating_sub(most)..];
        let past = recent.iter().map(|outcome| Past {
            day: self.series.days()[outcome.day],
            forecast: step(outcome.point, outcome.bounds),
            close: libm::exp(self.series.logs()[outcome.day]),
        });
        past.collect()
    }

    fn record(&self, model: Model) -> &Record {
        let found = self.records.iter().find(|record| record.model == model);
        found.expect("every model walks")
    }
}

fn step(point: f64, [inner, outer]: [Bounds; LEVELS.len()]) -> Step {
    Step {
        point: libm::exp(point),
        interval_80: inner.prices(),
        interval_95: outer.prices(),
    }
}
