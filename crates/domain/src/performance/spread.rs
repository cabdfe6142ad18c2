//! How much returns vary, and what is earned for it.

use super::{Figure, Unavailable};

/// Trading days of a year, by which daily figures become yearly ones.
pub const TRADING_DAYS: f64 = 252.0;

/// Yearly volatility: the sample standard deviation of daily returns (n − 1) times the root of [`TRADING_DAYS`].
///
/// # Errors
/// With fewer than two returns.
pub fn volatility(returns: &[f64]) -> Figure {
    Ok(deviation(returns)? * TRADING_DAYS.sqrt())
}

/// The yearly Sharpe ratio: the mean daily return above `risk_free` (also a day's) ÷ their sample standard deviation,
/// times the root of [`TRADING_DAYS`].
///
/// # Errors
/// With fewer than two returns, and when they do not vary.
pub fn sharpe(returns: &[f64], risk_free: f64) -> Figure {
    let deviation = deviation(returns)?;
    // Returns that are all the same may differ by a rounding error.
    let size = returns.iter().map(|r| r.abs()).fold(f64::MIN_POSITIVE, f64::max);
    if deviation <= 1e-12 * size {
        return Err(Unavailable::NoSpread);
    }
    Ok((mean(returns) - risk_free) / deviation * TRADING_DAYS.sqrt())
}

fn deviation(returns: &[f64]) -> Figure {
    if returns.len() < 2 {
        return Err(Unavailable::TooFewReturns {
            have: returns.len(),
            need: 2,
        });
    }
    let mean = mean(returns);
    let squares: f64 = returns.iter().map(|r| (r - mean) * (r - mean)).sum();
    Ok((squares / (returns.len() - 1) as f64).sqrt())
}

fn mean(returns: &[f64]) -> f64 {
    returns.iter().sum::<f64>() / returns.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_returns_make_a_spread_and_one_does_not() {
        let yearly = volatility(&[0.01, -0.01]).unwrap();
        assert!((yearly - 0.02 / 2.0_f64.sqrt() * 252.0_f64.sqrt()).abs() < 1e-15);
        let too_few = Err(Unavailable::TooFewReturns { have: 1, need: 2 });
        assert_eq!((volatility(&[0.01]), sharpe(&[0.01], 0.0)), (too_few, too_few));
    }

    #[test]
    fn without_risk_there_is_no_ratio() {
        assert_eq!(sharpe(&[0.1, 0.1, 0.1], 0.0), Err(Unavailable::NoSpread));
        assert_eq!(sharpe(&[0.0, 0.0], 0.0), Err(Unavailable::NoSpread));
        assert_eq!(volatility(&[0.0, 0.0]), Ok(0.0));
    }

    #[test]
    fn what_is_free_of_risk_is_not_earned_for_it() {
        let returns = [0.02, 0.01, 0.03];
        let less = sharpe(&returns, 0.01).unwrap();
        assert!((less - 0.01 / 0.01 * TRADING_DAYS.sqrt()).abs() < 1e-12);
    }
}
