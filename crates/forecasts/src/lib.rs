//! Forecasts of daily closes: candidates, a rolling-origin backtest, intervals that cover what they say, and a choice that
//! stays with the last price unless a candidate is significantly better.
//!
//! Nothing here reads a clock, draws a random number or touches a file, and the same series always gives the same numbers.
//! Prices are estimated in floats on purpose: no money is computed here. All errors are differences of natural logarithms
//! of prices, so that a point of 1990 weighs as much as one of today.
//!
//! Invariant: whatever is said of an origin depends on nothing after it. A model is fitted, an interval is drawn and the
//! scale of an error is taken from closes up to the origin alone.

mod backtest;
mod candidates;
mod conformal;
mod diebold_mariano;
mod evaluation;
mod report;
mod series;
mod volatility;

pub use self::{
    backtest::evaluate,
    candidates::Model,
    diebold_mariano::Comparison,
    evaluation::{Evaluation, Past, Step},
    report::{ModelReport, Report, Share, Verdict},
    series::{CsvRefused, Series, SeriesRefused},
};

/// The longest horizon, in days of the series.
pub const LONGEST_HORIZON: usize = 10;

/// Closes before the first origin: what every candidate may be fitted to from the start.
pub const WARM_UP: usize = 500;

/// Outcomes that an interval is made from at least; before, forecasts are made but not scored.
pub const CALIBRATION: usize = 250;

/// The fewest closes that can be evaluated: some hundred scored forecasts at the longest horizon.
pub const SHORTEST: usize = WARM_UP + CALIBRATION + LONGEST_HORIZON + 100;
