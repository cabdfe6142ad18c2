//! How much a price moves in a day, as known at its end: an exponentially weighted mean of squared returns (RiskMetrics
//! Technical Document, 4th edition, §5.2, decay 0.94 for daily data).

const DECAY: f64 = 0.94;

/// Returns that the mean starts from.
const START: usize = 20;

/// Volatilities below this count as this, so that a price which stands still can be divided by them.
const LEAST: f64 = 1e-6;

/// The standard deviation of a day's return, one for each close. The first few share one.
pub(crate) fn volatilities(logs: &[f64]) -> Vec<f64> {
    let squares = logs
        .windows(2)
        .map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0]));
    let mut mean = squares.clone().take(START).sum::<f64>() / START as f64;
    let mut all = vec![mean];
    for (index, square) in squares.enumerate() {
        if index >= START {
            mean = DECAY * mean + (1.0 - DECAY) * square;
        }
        all.push(mean);
    }
    all.into_iter().map(|mean| mean.sqrt().max(LEAST)).collect()
}
