//! Is one forecast better than another, or was it luck? Diebold and Mariano (1995), "Comparing predictive accuracy", with
//! the correction of Harvey, Leybourne and Newbold (1997) for forecasts over several days, which share days.

use std::f64::consts::SQRT_2;

use serde::{Deserialize, Serialize};

/// A comparison of absolute errors against the last price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Standard normal when neither is better; positive when the candidate's errors are smaller.
    pub statistic: f64,
    /// How likely so large a statistic is by luck alone (one-sided).
    pub p_value: f64,
}

/// Compares errors over the same origins, `horizon` days ahead. `None` when the two never differ.
///
/// The variance of the mean difference counts autocovariances up to `horizon − 1`, as an optimal forecast's errors have
/// them; should their sum not be positive, Bartlett's weights are used, with which it is.
pub(crate) fn compare(baseline: &[f64], candidate: &[f64], horizon: usize) -> Option<Comparison> {
    let differences: Vec<f64> = baseline
        .iter()
        .zip(candidate)
        .map(|(baseline, candidate)| baseline - candidate)
        .collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let covariance = |lag: usize| {
        let pairs = differences.iter().zip(&differences[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n
    };
    let own = covariance(0);
    let sum = |weight: &dyn Fn(usize) -> f64| {
        own + (1..horizon)
            .map(|lag| 2.0 * weight(lag) * covariance(lag))
            .sum::<f64>()
    };
    let mut variance = sum(&|_| 1.0);
    if variance <= 0.0 {
        variance = sum(&|lag| 1.0 - lag as f64 / horizon as f64);
    }
    if !(variance > 0.0 && variance.is_finite()) {
        return None;
    }
    let h = horizon as f64;
    let correction = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).max(0.0).sqrt();
    let statistic = correction * mean / (variance / n).sqrt();
    // With the hundreds of origins that a report has, Student's distribution is the normal one to three digits.
    let p_value = 0.5 * libm::erfc(statistic / SQRT_2);
    Some(Comparison { statistic, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_computed_by_hand() {
        // Differences 1, 2, 3, 4: mean 2.5, variance 1.25, correction √(3/4).
        let found = compare(&[2.0, 3.0, 4.0, 5.0], &[1.0; 4], 1).unwrap();
        let wanted = (0.75_f64).sqrt() * 2.5 / (1.25_f64 / 4.0).sqrt();
        assert!((found.statistic - wanted).abs() < 1e-12, "{found:?}");
        assert!((found.p_value - 5.376e-5).abs() < 1e-7, "{found:?}");
    }

    #[test]
    fn who_never_differs_is_not_compared() {
        assert_eq!(compare(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 1), None);
    }

    #[test]
    fn who_is_worse_has_a_large_p_value() {
        let worse: Vec<f64> = (0..100).map(|index| 2.0 + f64::from(index % 3)).collect();
        let found = compare(&[1.0; 100], &worse, 5).unwrap();
        assert!(found.statistic < -3.0 && found.p_value > 0.99, "{found:?}");
    }

    #[test]
    fn overlapping_days_are_not_counted_as_new_evidence() {
        // Each difference stands five times, as forecasts five days ahead would have it.
        let base: Vec<f64> = (0..500)
            .map(|index| 1.0 + f64::from((index / 5 * 7) % 10) / 10.0)
            .collect();
        let candidate = vec![1.35; 500];
        let one = compare(&base, &candidate, 1).unwrap();
        let five = compare(&base, &candidate, 5).unwrap();
        assert!(
            five.statistic.abs() < 0.6 * one.statistic.abs(),
            "{one:?} {five:?}"
        );
    }
}
