//! What bad days cost, read off the days there were.

use super::{Figure, Unavailable};

/// Daily returns needed to speak of the worst of twenty.
pub const LEAST_RETURNS: usize = 20;

/// The part of days that are worse.
const WORST: f64 = 0.05;

/// Historical value at risk at 95 %: the daily return that one day in twenty falls short of, as a (mostly negative)
/// return. It is the 5th percentile, interpolated linearly between the two returns beside it.
///
/// # Errors
/// With fewer than [`LEAST_RETURNS`] returns.
pub fn value_at_risk(returns: &[f64]) -> Figure {
    let sorted = sorted(returns)?;
    let place = (sorted.len() - 1) as f64 * WORST;
    let (below, rest) = (place.floor(), place.fract());
    let at = below as usize;
    let next = sorted.get(at + 1).copied().unwrap_or(sorted[at]);
    Ok(sorted[at] + rest * (next - sorted[at]))
}

/// Historical conditional value at risk at 95 %, or expected shortfall: the mean of the returns at or below
/// [`value_at_risk`].
///
/// # Errors
/// With fewer than [`LEAST_RETURNS`] returns.
pub fn conditional_value_at_risk(returns: &[f64]) -> Figure {
    let sorted = sorted(returns)?;
    let at = ((sorted.len() - 1) as f64 * WORST).floor() as usize;
    let worst = &sorted[..=at];
    Ok(worst.iter().sum::<f64>() / worst.len() as f64)
}

fn sorted(returns: &[f64]) -> Result<Vec<f64>, Unavailable> {
    if returns.len() < LEAST_RETURNS {
        return Err(Unavailable::TooFewReturns {
            have: returns.len(),
            need: LEAST_RETURNS,
        });
    }
    let mut sorted = returns.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_lies_between_two_returns() {
        // −20 % … +20 % in steps of one percent: the 5th percentile is exactly the third smallest.
        let returns: Vec<f64> = (-20..=20)
            .rev()
            .map(|percent| f64::from(percent) / 100.0)
            .collect();
        assert!((value_at_risk(&returns).unwrap() + 0.18).abs() < 1e-12);
        assert!((conditional_value_at_risk(&returns).unwrap() + 0.19).abs() < 1e-12);
        let between = &returns[..31];
        // −10 % … +20 %: place 1.5 of 31.
        assert!((value_at_risk(between).unwrap() + 0.085).abs() < 1e-12);
    }

    #[test]
    fn nineteen_days_say_nothing_of_the_worst_of_twenty() {
        let too_few = Err(Unavailable::TooFewReturns { have: 19, need: 20 });
        assert_eq!(value_at_risk(&[0.0; 19]), too_few);
        assert_eq!(conditional_value_at_risk(&[0.0; 19]), too_few);
        assert_eq!(value_at_risk(&[-0.01; 20]), Ok(-0.01));
    }
}
