//! Quantity: an integer count of 10⁻⁹ shares, so that fractions of a share are exact.

use std::fmt;

use crate::decimal::{self, DecimalError, decimal_form};
use crate::money::AmountError;

/// A number of shares, possibly negative (a change). A string such as `"1.5"` in JSON; numbers are read too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// How many decimals a quantity has.
    pub const PLACES: u32 = 9;
    /// No shares.
    pub const ZERO: Self = Self(0);

    /// A count of 10⁻⁹ shares.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// The count of 10⁻⁹ shares.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Reads shares with up to nine decimals.
    ///
    /// # Errors
    /// See [`DecimalError`].
    pub fn from_text(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::PLACES).map(Self)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether there are any.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// On overflow.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or(AmountError::OutOfRange)
    }

    /// The difference.
    ///
    /// # Errors
    /// On overflow.
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(AmountError::OutOfRange)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::print(self.0, Self::PLACES))
    }
}

decimal_form!(Quantity);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_takes_strings_and_numbers_and_gives_strings() {
        let half = Quantity::from_nanos(1_500_000_000);
        for json in ["\"1.5\"", "1.5", "1.50"] {
            assert_eq!(serde_json::from_str::<Quantity>(json).unwrap(), half, "{json}");
        }
        assert_eq!(serde_json::to_string(&half).unwrap(), "\"1.5\"");
        for json in ["\"1.0000000001\"", "1e2", "\"\"", "null", "true"] {
            assert!(serde_json::from_str::<Quantity>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn overflow_is_refused() {
        let most = Quantity::from_nanos(i64::MAX);
        assert_eq!(
            most.checked_add(Quantity::from_nanos(1)),
            Err(AmountError::OutOfRange)
        );
        assert_eq!(
            Quantity::from_nanos(i64::MIN).checked_sub(Quantity::from_nanos(1)),
            Err(AmountError::OutOfRange)
        );
    }
}
