//! The time-weighted return: what the investments did, whatever was paid in or taken out.

use super::{Figure, Unavailable};

/// A stretch of time, such as a day, with what flowed at its ends. Amounts are minor units of one currency.
///
/// What comes in counts as invested from the beginning, what goes out until the end, so that neither looks like a gain
/// or a loss. Where values are known at the instant of each flow, a stretch ends there, and the return is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What everything was worth before anything came in.
    pub opening: i64,
    /// What came in from outside.
    pub inflow: i64,
    /// What everything is worth after all went out.
    pub closing: i64,
    /// What went outside.
    pub outflow: i64,
}

impl Stretch {
    /// What one unit of money became: (closing + outflow) ÷ (opening + inflow); `None` when nothing was invested.
    #[must_use]
    pub fn growth(&self) -> Option<f64> {
        let invested = i128::from(self.opening) + i128::from(self.inflow);
        let became = i128::from(self.closing) + i128::from(self.outflow);
        (invested > 0).then(|| became as f64 / invested as f64)
    }
}

/// The time-weighted return over stretches that follow each other: the product of their growths, less one. Stretches in
/// which nothing was invested leave it as it is.
///
/// # Errors
/// When nothing was invested in any stretch.
pub fn time_weighted(stretches: &[Stretch]) -> Figure {
    let mut growths = stretches.iter().filter_map(Stretch::growth).peekable();
    if growths.peek().is_none() {
        return Err(Unavailable::NothingInvested);
    }
    Ok(growths.product::<f64>() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(opening: i64, inflow: i64, closing: i64, outflow: i64) -> Stretch {
        Stretch {
            opening,
            inflow,
            closing,
            outflow,
        }
    }

    #[test]
    fn the_reference_return_is_met() {
        let stretches = [
            stretch(17_794, 0, 16_026, 0),
            stretch(16_026, 8_400, 26_457, 0),
            stretch(26_457, 6_700, 42_682, 0),
        ];
        let percent = time_weighted(&stretches).unwrap() * 100.0;
        assert_eq!(format!("{percent:.4}"), "25.5768");
    }

    #[test]
    fn flows_are_neither_gain_nor_loss() {
        let in_and_out = [
            stretch(0, 1_000, 1_000, 0),
            stretch(1_000, 500, 0, 1_500),
            stretch(0, 0, 0, 0),
        ];
        assert_eq!(time_weighted(&in_and_out), Ok(0.0));
        // Everything is taken out after it has grown by a tenth.
        assert!((time_weighted(&[stretch(1_000, 0, 0, 1_100)]).unwrap() - 0.1).abs() < 1e-15);
        assert_eq!(time_weighted(&[stretch(500, 0, 0, 0)]), Ok(-1.0));
    }

    #[test]
    fn without_an_investment_there_is_no_return() {
        assert_eq!(time_weighted(&[]), Err(Unavailable::NothingInvested));
        assert_eq!(
            time_weighted(&[stretch(0, 0, 0, 0)]),
            Err(Unavailable::NothingInvested)
        );
    }
}
