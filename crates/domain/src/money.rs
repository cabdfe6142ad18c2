//! Money: an integer count of minor units in one currency.
//!
//! Invariant: arithmetic is checked, and amounts in different currencies never meet.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::currency::Currency;
use crate::decimal::{self, DecimalError};
use crate::refusal::{Refusal, RefusalClass};

/// An amount of cash, possibly negative.
///
/// In JSON it is its amount as a string (`"1000.00"`), with the currency in a field of its own. It is not read
/// from JSON alone for the same reason: read a [`decimal::DecimalText`] and use [`Money::from_text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` minor units, such as cents.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads whole units with up to as many decimals as the currency has.
    ///
    /// # Errors
    /// See [`DecimalError`].
    pub fn from_text(text: &str, currency: Currency) -> Result<Self, DecimalError> {
        decimal::parse(text, currency.minor_digits()).map(|minor| Self::new(minor, currency))
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// On overflow, or when the currencies differ.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// On overflow, or when the currencies differ.
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.combine(other, i64::checked_sub)
    }

    /// The opposite amount.
    ///
    /// # Errors
    /// On overflow.
    pub fn checked_neg(self) -> Result<Self, AmountError> {
        self.minor
            .checked_neg()
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(AmountError::OutOfRange)
    }

    /// The smaller of two amounts.
    ///
    /// # Errors
    /// When the currencies differ.
    pub fn min(self, other: Self) -> Result<Self, AmountError> {
        self.combine(other, |a, b| Some(a.min(b)))
    }

    fn combine(self, other: Self, with: impl Fn(i64, i64) -> Option<i64>) -> Result<Self, AmountError> {
        if self.currency != other.currency {
            return Err(AmountError::MixedCurrencies {
                left: self.currency,
                right: other.currency,
            });
        }
        let minor = with(self.minor, other.minor).ok_or(AmountError::OutOfRange)?;
        Ok(Self::new(minor, self.currency))
    }
}

impl fmt::Display for Money {
    /// The amount alone, with all the currency's decimals: `1000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::print_fixed(self.minor, self.currency.minor_digits()))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why amounts, quantities or prices could not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The result does not fit.
    #[error("the amount is too large")]
    OutOfRange,
    /// Two currencies met.
    #[error("{left} cannot be combined with {right}")]
    MixedCurrencies {
        /// The first amount's currency.
        left: Currency,
        /// The second amount's currency.
        right: Currency,
    },
}

impl Refusal for AmountError {
    fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange => "amount.too_large",
            Self::MixedCurrencies { .. } => "amount.mixed_currencies",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::OutOfRange => RefusalClass::Conflict,
            Self::MixedCurrencies { .. } => RefusalClass::Fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENT: Money = Money::new(1, Currency::Usd);
    const MOST: Money = Money::new(i64::MAX, Currency::Usd);
    const LEAST: Money = Money::new(i64::MIN, Currency::Usd);

    #[test]
    fn amounts_show_all_decimals_of_their_currency() {
        assert_eq!(Money::new(100_000, Currency::Usd).to_string(), "1000.00");
        assert_eq!(Money::new(-5, Currency::Eur).to_string(), "-0.05");
        assert_eq!(Money::new(1_000, Currency::Jpy).to_string(), "1000");
        assert_eq!(serde_json::to_string(&CENT).unwrap(), "\"0.01\"");
    }

    #[test]
    fn the_currency_decides_how_many_decimals_are_read() {
        assert_eq!(
            Money::from_text("10.5", Currency::Usd),
            Ok(Money::new(1_050, Currency::Usd))
        );
        assert_eq!(
            Money::from_text("10.5", Currency::Jpy),
            Err(DecimalError::TooManyDecimals { places: 0 })
        );
    }

    #[test]
    fn overflow_and_mixed_currencies_are_refused() {
        assert_eq!(MOST.checked_add(CENT), Err(AmountError::OutOfRange));
        assert_eq!(LEAST.checked_sub(CENT), Err(AmountError::OutOfRange));
        assert_eq!(LEAST.checked_neg(), Err(AmountError::OutOfRange));
        let euro = Money::new(1, Currency::Eur);
        let mixed = AmountError::MixedCurrencies {
            left: Currency::Usd,
            right: Currency::Eur,
        };
        assert_eq!(CENT.checked_add(euro), Err(mixed));
        assert_eq!(CENT.min(euro), Err(mixed));
        assert_eq!(CENT.checked_add(CENT), Ok(Money::new(2, Currency::Usd)));
    }
}
