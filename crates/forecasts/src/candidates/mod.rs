//! The candidates. Each is given the closes up to an origin, as logarithms, and says where they go from there.

mod autoregression;
mod boosted_trees;
mod ets;

use serde::{Deserialize, Serialize};

use self::{autoregression::autoregression, boosted_trees::BoostedTrees};
use crate::LONGEST_HORIZON;

/// Days that drift and autoregression are estimated from.
const WINDOW: usize = 500;

/// Logarithms of the closes of the next days.
pub(crate) type Path = [f64; LONGEST_HORIZON];

/// A way to forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The random walk: tomorrow's price is today's. What the others must beat.
    LastPrice,
    /// A random walk that goes on as fast as it went for the last 500 days.
    Drift,
    /// Exponential smoothing with a damped trend or none, whichever the corrected AIC prefers.
    Ets,
    /// An autoregression of daily returns, of the order up to five that the AIC prefers.
    Autoregression,
    /// Gradient-boosted trees on past returns.
    BoostedTrees,
}

impl Model {
    /// All of them, the baseline first.
    pub const ALL: [Self; 5] = [
        Self::LastPrice,
        Self::Drift,
        Self::Ets,
        Self::Autoregression,
        Self::BoostedTrees,
    ];

    /// The candidate that the others must beat.
    pub const BASELINE: Self = Self::LastPrice;

    /// The stable name used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LastPrice => "last_price",
            Self::Drift => "drift",
            Self::Ets => "ets",
            Self::Autoregression => "autoregression",
            Self::BoostedTrees => "boosted_trees",
        }
    }
}

/// A candidate at work on one series.
pub(crate) enum Candidate {
    Plain(fn(&[f64]) -> Path),
    Trees(Box<BoostedTrees>),
}

impl Candidate {
    pub(crate) fn of(model: Model) -> Self {
        match model {
            Model::LastPrice => Self::Plain(last_price),
            Model::Drift => Self::Plain(drift),
            Model::Ets => Self::Plain(ets::smooth),
            Model::Autoregression => Self::Plain(autoregression),
            Model::BoostedTrees => Self::Trees(Box::default()),
        }
    }

    /// The path from the last of `history` on. Origins are asked for in order. A candidate that finds nothing to say
    /// stays at the last price.
    pub(crate) fn path(&mut self, history: &[f64], volatilities: &[f64]) -> Path {
        let path = match self {
            Self::Plain(path) => path(history),
            Self::Trees(trees) => trees.path(history, volatilities),
        };
        if path.iter().all(|point| point.is_finite()) {
            path
        } else {
            last_price(history)
        }
    }
}

fn last_price(history: &[f64]) -> Path {
    [history[history.len() - 1]; LONGEST_HORIZON]
}

fn drift(history: &[f64]) -> Path {
    let recent = last(history, WINDOW);
    let from = recent[recent.len() - 1];
    let daily = (from - recent[0]) / (recent.len() - 1) as f64;
    std::array::from_fn(|step| from + daily * (step + 1) as f64)
}

/// The last so many closes, or all where there are fewer.
fn last(history: &[f64], count: usize) -> &[f64] {
    &history[history.len().saturating_sub(count)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series that rises by a hundredth a day, but for every fifth day, on which it falls.
    fn rising() -> Vec<f64> {
        let mut level = 4.0;
        let next = |day: usize| {
            level += if day.is_multiple_of(5) { -0.01 } else { 0.01 };
            level
        };
        (0..600).map(next).collect()
    }

    #[test]
    fn the_last_price_stays() {
        assert_eq!(last_price(&[1.0, 2.0]), [2.0; LONGEST_HORIZON]);
    }

    #[test]
    fn drift_goes_on_as_it_went() {
        let history: Vec<f64> = (0..600).map(|day| f64::from(day) * 0.5).collect();
        let path = drift(&history);
        assert!(
            (path[0] - 300.0).abs() < 1e-9 && (path[9] - 304.5).abs() < 1e-9,
            "{path:?}"
        );
    }

    #[test]
    fn an_autoregression_sees_that_every_fifth_day_falls() {
        let history = rising();
        let path = autoregression(&history);
        let now = history[history.len() - 1];
        let returns: Vec<f64> = std::iter::once(now)
            .chain(path)
            .collect::<Vec<_>>()
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect();
        // Day 600 falls, and 601 to 604 rise.
        assert!(returns[0] < -0.005, "{returns:?}");
        assert!(returns[1..5].iter().all(|step| *step > 0.005), "{returns:?}");
    }

    #[test]
    fn trees_see_it_too() {
        let history: Vec<f64> = rising().iter().chain(&rising()).copied().collect();
        let history: Vec<f64> = history[..1_200].to_vec();
        let volatilities = crate::volatility::volatilities(&history);
        let path = BoostedTrees::default().path(&history, &volatilities);
        let step = path[0] - history[1_199];
        assert!(step < -0.002, "{step}");
    }

    #[test]
    fn smoothing_of_a_noisy_level_does_not_follow_the_last_price() {
        let history: Vec<f64> = (0..600_u32)
            .map(|day| 4.0 + f64::from((day * 389) % 101) / 5_000.0)
            .collect();
        let path = ets::smooth(&history);
        assert!((path[0] - 4.01).abs() < 0.003, "{path:?}");
    }

    #[test]
    fn the_same_history_gives_the_same_path() {
        let history = rising();
        let volatilities = crate::volatility::volatilities(&history);
        for model in Model::ALL {
            let path = || Candidate::of(model).path(&history, &volatilities);
            assert_eq!(path(), path(), "{model:?}");
        }
    }

    #[test]
    fn a_price_that_stands_still_goes_on_standing_still() {
        let history = [3.0; 600];
        let volatilities = crate::volatility::volatilities(&history);
        for model in Model::ALL {
            let path = Candidate::of(model).path(&history, &volatilities);
            assert!(
                path.iter().all(|point| (point - 3.0).abs() < 1e-6),
                "{model:?} {path:?}"
            );
        }
    }
}
