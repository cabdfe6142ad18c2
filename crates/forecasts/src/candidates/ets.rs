//! Exponential smoothing (Hyndman, Koehler, Ord and Snyder 2008, "Forecasting with Exponential Smoothing"), by `augurs`:
//! additive errors, with a damped trend or none, whichever the corrected AIC prefers; no season.

use augurs::{
    Predict as _,
    ets::model::{ErrorComponent, Model, ModelType, SeasonalComponent, TrendComponent, Unfit},
};

use super::{Path, last, last_price};
use crate::LONGEST_HORIZON;

/// Days that it is fitted to, anew at each origin.
const WINDOW: usize = 125;

/// Steps of the search for parameters at most.
const SEARCH: usize = 200;

/// The search starts better from numbers near one than from a level of eight and steps of a hundredth.
const PER_CENT: f64 = 100.0;

pub(super) fn smooth(history: &[f64]) -> Path {
    let recent = last(history, WINDOW);
    let from = recent[0];
    let scaled: Vec<f64> = recent.iter().map(|log| (log - from) * PER_CENT).collect();
    let fitted = [TrendComponent::None, TrendComponent::Additive].map(|trend| fit(&scaled, trend));
    let best = fitted
        .into_iter()
        .flatten()
        .min_by(|a, b| a.aicc().total_cmp(&b.aicc()));
    let path = best.and_then(|model| model.predict(LONGEST_HORIZON, None).ok());
    match path {
        Some(path) if path.point.len() == LONGEST_HORIZON => {
            std::array::from_fn(|step| from + path.point[step] / PER_CENT)
        }
        _ => last_price(history),
    }
}

fn fit(scaled: &[f64], trend: TrendComponent) -> Option<Model> {
    let kind = ModelType {
        error: ErrorComponent::Additive,
        trend,
        season: SeasonalComponent::None,
    };
    let model = Unfit::new(kind)
        .damped(trend.included())
        .max_iterations(SEARCH)
        .fit(scaled)
        .ok()?;
    model.aicc().is_finite().then_some(model)
}
