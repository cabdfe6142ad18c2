//! An autoregression of daily returns around their mean, fitted by the Levinson–Durbin recursion (Brockwell and Davis
//! 2016, "Introduction to Time Series and Forecasting", §5.1.1), its order chosen by the AIC.

use super::{Path, WINDOW, last, last_price};

/// The longest memory, in days.
const LONGEST_ORDER: usize = 5;

pub(super) fn autoregression(history: &[f64]) -> Path {
    let recent = last(history, WINDOW + 1);
    let returns: Vec<f64> = recent.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = returns.iter().sum::<f64>() / returns.len() as f64;
    let centred: Vec<f64> = returns.iter().map(|step| step - mean).collect();
    let weights = fit(&centred);
    // Newest first, as the weights are.
    let mut memory: Vec<f64> = centred.iter().rev().take(LONGEST_ORDER).copied().collect();
    let mut path = last_price(history);
    let mut level = path[0];
    for point in &mut path {
        let next: f64 = weights
            .iter()
            .zip(&memory)
            .map(|(weight, step)| weight * step)
            .sum();
        memory.rotate_right(1);
        memory[0] = next;
        level += mean + next;
        *point = level;
    }
    path
}

/// The weights of the order that the AIC prefers; none when returns remember nothing.
fn fit(centred: &[f64]) -> Vec<f64> {
    let n = centred.len() as f64;
    let covariance = |lag: usize| {
        let pairs = centred.iter().zip(&centred[lag..]);
        pairs.map(|(a, b)| a * b).sum::<f64>() / n
    };
    let mut error = covariance(0);
    let (mut weights, mut best) = (Vec::new(), Vec::new());
    if error <= f64::MIN_POSITIVE {
        return best;
    }
    let aic = |error: f64, order: usize| n * libm::log(error) + 2.0 * order as f64;
    let mut least = aic(error, 0);
    for order in 1..=LONGEST_ORDER {
        let explained: f64 = weights
            .iter()
            .zip((1..order).rev())
            .map(|(weight, lag)| weight * covariance(lag))
            .sum();
        let reflection = (covariance(order) - explained) / error;
        let longer: Vec<f64> = weights
            .iter()
            .zip(weights.iter().rev())
            .map(|(weight, mirrored)| weight - reflection * mirrored)
            .chain([reflection])
            .collect();
        weights = longer;
        error *= 1.0 - reflection * reflection;
        if error <= f64::MIN_POSITIVE {
            return weights;
        }
        if aic(error, order) < least {
            least = aic(error, order);
            best.clone_from(&weights);
        }
    }
    best
}
