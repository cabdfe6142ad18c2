//! What is stored of a forecast, and how its prices are written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use stockade_domain::price::Price;
use stockade_forecasts::{Past, Report, Step};

/// A symbol's forecast at one horizon, with every candidate's record. Prices in it are estimates, and floats.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Document {
    /// The last day of the closes.
    pub(super) day: Date,
    /// The last close.
    pub(super) last: f64,
    /// How the candidates did, and which is used.
    pub(super) report: Report,
    /// The forecast of the model in use, a step a day.
    pub(super) path: Vec<Step>,
    /// What that model forecast in the past, so many days before, and what came.
    pub(super) past: Vec<Past>,
}

/// An estimate as a price: to the cent from one dollar up, to a hundredth of that below.
pub(super) fn estimate(price: f64) -> Price {
    let tick = if price >= 1.0 { 10_000.0 } else { 100.0 };
    Price::from_micros(((price * 1e6 / tick).round() * tick) as i64)
}

/// An interval's bounds as prices.
pub(super) fn interval(bounds: [f64; 2]) -> [Price; 2] {
    bounds.map(estimate)
}

/// A figure with as many digits as it is good for.
pub(super) fn figure(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_written_as_prices_are() {
        assert_eq!(estimate(61.2549).to_string(), "61.25");
        assert_eq!(estimate(0.123_456).to_string(), "0.1235");
        assert_eq!(figure(0.949_876_54), 0.949_88);
    }
}
