//! The numbers that people send: positive, and small enough that nothing computed from them overflows.
//!
//! Each reader takes the name of the request's field, so that the refusal can point at it.

use crate::currency::Currency;
use crate::decimal::DecimalError;
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::refusal::Refusal;

/// The largest cash amount of one request, in whole currency units.
pub const MAX_AMOUNT_UNITS: i64 = 1_000_000_000_000;
/// The largest quantity of one request: a billion shares.
pub const MAX_QUANTITY: Quantity = Quantity::from_nanos(1_000_000_000_000_000_000);
/// The highest price: a billion currency units a share.
pub const MAX_PRICE: Price = Price::from_micros(1_000_000_000_000_000);

/// The largest cash amount of one request, in a currency.
#[must_use]
pub const fn max_amount(currency: Currency) -> Money {
    Money::new(MAX_AMOUNT_UNITS * currency.minor_per_unit(), currency)
}

/// Reads a cash amount above zero and at most [`MAX_AMOUNT_UNITS`].
///
/// # Errors
/// See [`NumberRefused`].
pub fn amount(field: &'static str, text: &str, currency: Currency) -> Result<Money, NumberRefused> {
    let money = Money::from_text(text, currency).map_err(|why| NumberRefused::Unreadable { field, why })?;
    within(field, money.minor(), max_amount(currency).minor())?;
    Ok(money)
}

/// Reads a quantity above zero and at most [`MAX_QUANTITY`].
///
/// # Errors
/// See [`NumberRefused`].
pub fn quantity(field: &'static str, text: &str) -> Result<Quantity, NumberRefused> {
    let quantity = Quantity::from_text(text).map_err(|why| NumberRefused::Unreadable { field, why })?;
    within(field, quantity.nanos(), MAX_QUANTITY.nanos())?;
    Ok(quantity)
}

/// Reads a price above zero and at most [`MAX_PRICE`].
///
/// # Errors
/// See [`NumberRefused`].
pub fn price(field: &'static str, text: &str) -> Result<Price, NumberRefused> {
    let price = Price::from_text(text).map_err(|why| NumberRefused::Unreadable { field, why })?;
    within(field, price.micros(), MAX_PRICE.micros())?;
    Ok(price)
}

/// Holds a scaled number against zero and its maximum.
pub(crate) fn within(field: &'static str, value: i64, most: i64) -> Result<(), NumberRefused> {
    if value <= 0 {
        Err(NumberRefused::NotPositive { field })
    } else if value > most {
        Err(NumberRefused::TooLarge { field })
    } else {
        Ok(())
    }
}

/// Why a number was not taken, and in which field it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberRefused {
    /// It is not a decimal of the field's scale.
    #[error("{field}: {why}")]
    Unreadable {
        /// The request's field.
        field: &'static str,
        /// What is wrong with the text.
        why: DecimalError,
    },
    /// It is zero or negative.
    #[error("{field} must be above zero")]
    NotPositive {
        /// The request's field.
        field: &'static str,
    },
    /// It is above the maximum.
    #[error("{field} is too large")]
    TooLarge {
        /// The request's field.
        field: &'static str,
    },
}

impl Refusal for NumberRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { why, .. } => why.code(),
            Self::NotPositive { .. } => "number.not_positive",
            Self::TooLarge { .. } => "number.too_large",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable { field, .. } | Self::NotPositive { field } | Self::TooLarge { field } => {
                Some(field)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_number_is_taken() {
        assert_eq!(
            amount("amount", "1000.00", Currency::Usd),
            Ok(Money::new(100_000, Currency::Usd))
        );
        assert_eq!(
            amount("amount", "1000000000000.00", Currency::Usd),
            Ok(max_amount(Currency::Usd))
        );
        assert_eq!(quantity("qty", "1000000000"), Ok(MAX_QUANTITY));
        assert_eq!(price("limit_price", "1000000000"), Ok(MAX_PRICE));
    }

    #[test]
    fn others_are_refused_with_code_and_field() {
        for (refused, code, field) in [
            (
                amount("amount", "0", Currency::Usd).unwrap_err(),
                "number.not_positive",
                "amount",
            ),
            (
                amount("amount", "-1", Currency::Usd).unwrap_err(),
                "number.not_positive",
                "amount",
            ),
            (
                amount("amount", "1.001", Currency::Usd).unwrap_err(),
                "number.too_many_decimals",
                "amount",
            ),
            (
                amount("amount", "1000000000000.01", Currency::Usd).unwrap_err(),
                "number.too_large",
                "amount",
            ),
            (
                amount("amount", "9e99", Currency::Usd).unwrap_err(),
                "number.exponent",
                "amount",
            ),
            (
                quantity("qty", "1000000000.000000001").unwrap_err(),
                "number.too_large",
                "qty",
            ),
            (quantity("qty", "NaN").unwrap_err(), "number.not_finite", "qty"),
            (
                price("limit_price", "99999999999999999999").unwrap_err(),
                "number.too_large",
                "limit_price",
            ),
        ] {
            assert_eq!(
                (refused.code(), refused.field()),
                (code, Some(field)),
                "{refused}"
            );
        }
    }
}
