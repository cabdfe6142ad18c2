//! Corporate actions: what a company does to all its shares at once.
//!
//! Prices are stored raw, as they were paid. A split changes quantities and leaves costs; a cash dividend pays cash and
//! leaves both.

use std::fmt;

use crate::currency::Currency;
use crate::money::{AmountError, Money};
use crate::price::Price;
use crate::quantity::Quantity;
use crate::refusal::Refusal;

/// The largest number on either side of a ratio.
const MOST: u32 = 1_000_000;

/// So many new shares for so many old ones: 2 for 1 doubles the shares, 1 for 10 is a reverse split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    new: u32,
    old: u32,
}

impl Ratio {
    /// `new` shares for every `old` ones.
    ///
    /// # Errors
    /// When either is zero or above a million, or both are the same.
    pub fn new(new: u32, old: u32) -> Result<Self, InvalidRatio> {
        let fits = |side| (1..=MOST).contains(&side);
        if fits(new) && fits(old) && new != old {
            Ok(Self { new, old })
        } else {
            Err(InvalidRatio)
        }
    }

    /// New shares.
    #[must_use]
    pub const fn new_shares(self) -> u32 {
        self.new
    }

    /// Old shares.
    #[must_use]
    pub const fn old_shares(self) -> u32 {
        self.old
    }

    /// Whether there are fewer shares afterwards.
    #[must_use]
    pub const fn is_reverse(self) -> bool {
        self.new < self.old
    }

    /// What `shares` become, rounded down to nine decimals.
    ///
    /// # Errors
    /// On overflow.
    pub fn of(self, shares: Quantity) -> Result<Quantity, AmountError> {
        let exact = i128::from(shares.nanos()) * i128::from(self.new);
        let nanos = exact.div_euclid(i128::from(self.old));
        i64::try_from(nanos)
            .map(Quantity::from_nanos)
            .map_err(|_| AmountError::OutOfRange)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", self.new, self.old)
    }
}

/// The numbers make no ratio. Code `corporate_action.invalid_ratio`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a split gives 1 to 1,000,000 new shares for 1 to 1,000,000 old ones, and not as many as there were")]
pub struct InvalidRatio;

impl Refusal for InvalidRatio {
    fn code(&self) -> &'static str {
        "corporate_action.invalid_ratio"
    }

    fn field(&self) -> Option<&'static str> {
        Some("new_shares")
    }
}

/// What happens to each share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Other quantities for the same cost.
    Split {
        /// New shares for old ones.
        ratio: Ratio,
        /// What one new share is worth, to pay out the fraction of a share that a holder would be left with. Without
        /// it holders keep their fractions.
        cash_in_lieu: Option<Price>,
    },
    /// So much cash a share.
    CashDividend {
        /// Before tax.
        per_share: Price,
    },
}

/// The fraction of a share in `shares`.
#[must_use]
pub fn fraction(shares: Quantity) -> Quantity {
    Quantity::from_nanos(shares.nanos().rem_euclid(10_i64.pow(Quantity::PLACES)))
}

/// The dividend on `shares`, rounded half-even to the minor unit.
///
/// # Errors
/// On overflow.
pub fn dividend(per_share: Price, shares: Quantity, currency: Currency) -> Result<Money, AmountError> {
    per_share.times(shares, currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn a_ratio_is_two_different_small_numbers() {
        for (new, old) in [(0, 1), (1, 0), (1, 1), (1_000_001, 1), (1, 1_000_001)] {
            assert_eq!(Ratio::new(new, old), Err(InvalidRatio), "{new} for {old}");
        }
        let reverse = Ratio::new(1, 10).unwrap();
        assert!(reverse.is_reverse());
        assert_eq!(reverse.to_string(), "1 for 10");
    }

    #[test]
    fn shares_round_down_and_leave_their_fraction() {
        let three_for_two = Ratio::new(3, 2).unwrap();
        assert_eq!(three_for_two.of(shares("7")), Ok(shares("10.5")));
        assert_eq!(three_for_two.of(shares("0.000000001")), Ok(shares("0.000000001")));
        assert_eq!(fraction(shares("10.5")), shares("0.5"));
        assert_eq!(
            Ratio::new(1_000_000, 1)
                .unwrap()
                .of(Quantity::from_nanos(i64::MAX)),
            Err(AmountError::OutOfRange)
        );
    }

    #[test]
    fn a_dividend_is_rounded_half_to_even() {
        let per_share: Price = "0.485".parse().unwrap();
        for (held, paid) in [("1", "0.48"), ("3", "1.46"), ("0.01", "0.00"), ("100", "48.50")] {
            assert_eq!(
                dividend(per_share, shares(held), Currency::Usd)
                    .unwrap()
                    .to_string(),
                paid,
                "{held}"
            );
        }
    }
}
