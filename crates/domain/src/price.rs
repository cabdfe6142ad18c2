//! Price: an integer count of 10⁻⁶ currency units for one share, and the three roundings between price,
//! quantity and cash.

use std::fmt;

use crate::arithmetic::{div_half_even, div_up};
use crate::currency::Currency;
use crate::decimal::{self, DecimalError, decimal_form};
use crate::money::{AmountError, Money};
use crate::quantity::Quantity;

/// What one share costs. A string such as `"61.25"` in JSON; numbers are read too. The currency is the asset's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(i64);

impl Price {
    /// How many decimals a price has.
    pub const PLACES: u32 = 6;

    /// A count of 10⁻⁶ currency units.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The count of 10⁻⁶ currency units.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads currency units with up to six decimals.
    ///
    /// # Errors
    /// See [`DecimalError`].
    pub fn from_text(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::PLACES).map(Self)
    }

    /// Whether the price is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The cash amount of `quantity` shares, rounded half-even to minor units. Everything later (basis, profit,
    /// fees) derives from this amount.
    ///
    /// # Errors
    /// On overflow.
    pub fn times(self, quantity: Quantity, currency: Currency) -> Result<Money, AmountError> {
        let exact = i128::from(self.0) * i128::from(quantity.nanos());
        money(div_half_even(exact, per_minor(currency)), currency)
    }

    /// How many shares `amount` buys, rounded down to nine decimals, so that they never cost more than `amount`.
    ///
    /// # Errors
    /// On overflow, and when the price is not positive.
    pub fn shares_for(self, amount: Money) -> Result<Quantity, AmountError> {
        if !self.is_positive() {
            return Err(AmountError::OutOfRange);
        }
        let exact = i128::from(amount.minor()) * per_minor(amount.currency());
        let nanos = exact.div_euclid(i128::from(self.0));
        i64::try_from(nanos)
            .map(Quantity::from_nanos)
            .map_err(|_| AmountError::OutOfRange)
    }

    /// This price and `basis_points` hundredths of a percent more, rounded up.
    ///
    /// # Errors
    /// On overflow.
    pub fn raised_by(self, basis_points: u32) -> Result<Self, AmountError> {
        let raised = div_up(i128::from(self.0) * (10_000 + i128::from(basis_points)), 10_000);
        i64::try_from(raised)
            .map(Self)
            .map_err(|_| AmountError::OutOfRange)
    }

    /// The average price at which `quantity` shares changed hands for `amount`, rounded half-even.
    ///
    /// # Errors
    /// On overflow, and when the quantity is not positive.
    pub fn average(amount: Money, quantity: Quantity) -> Result<Self, AmountError> {
        if !quantity.is_positive() {
            return Err(AmountError::OutOfRange);
        }
        let exact = i128::from(amount.minor()) * per_minor(amount.currency());
        let micros = div_half_even(exact, i128::from(quantity.nanos()));
        i64::try_from(micros)
            .map(Self)
            .map_err(|_| AmountError::OutOfRange)
    }
}

/// How many 10⁻¹⁵ currency units (price × quantity) make one minor unit.
const fn per_minor(currency: Currency) -> i128 {
    10_i128.pow(Price::PLACES + Quantity::PLACES - currency.minor_digits())
}

fn money(minor: i128, currency: Currency) -> Result<Money, AmountError> {
    i64::try_from(minor)
        .map(|minor| Money::new(minor, currency))
        .map_err(|_| AmountError::OutOfRange)
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::print(self.0, Self::PLACES))
    }
}

decimal_form!(Price);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn shares(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn usd(text: &str) -> Money {
        Money::from_text(text, Currency::Usd).unwrap()
    }

    #[test]
    fn half_a_cent_goes_to_the_even_cent() {
        for (at, amount) in [
            ("0.005", "0.00"),
            ("0.015", "0.02"),
            ("0.025", "0.02"),
            ("0.025001", "0.03"),
        ] {
            assert_eq!(
                price(at).times(shares("1"), Currency::Usd),
                Ok(usd(amount)),
                "{at}"
            );
        }
        assert_eq!(
            price("61.25").times(shares("1.5"), Currency::Usd),
            Ok(usd("91.88"))
        );
        assert_eq!(
            price("2500.5").times(shares("1"), Currency::Jpy),
            Ok(Money::new(2_500, Currency::Jpy))
        );
    }

    #[test]
    fn a_collar_rounds_up() {
        assert_eq!(price("100").raised_by(500), Ok(price("105")));
        assert_eq!(price("0.000001").raised_by(500), Ok(price("0.000002")));
        assert_eq!(
            Price::from_micros(i64::MAX).raised_by(1),
            Err(AmountError::OutOfRange)
        );
    }

    #[test]
    fn cash_buys_shares_rounded_down() {
        assert_eq!(price("3").shares_for(usd("100.00")), Ok(shares("33.333333333")));
        assert_eq!(price("0").shares_for(usd("1.00")), Err(AmountError::OutOfRange));
        assert_eq!(
            price("0.000001").shares_for(usd("1000000000.00")),
            Err(AmountError::OutOfRange)
        );
    }

    #[test]
    fn an_average_price_comes_back_from_its_amount() {
        assert_eq!(
            Price::average(usd("91.88"), shares("1.5")),
            Ok(price("61.253333"))
        );
        assert_eq!(
            Price::average(usd("1.00"), Quantity::ZERO),
            Err(AmountError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn shares_never_cost_more_than_the_cash(micros in 1_i64..10_i64.pow(12), minor in 0_i64..10_i64.pow(10)) {
            let (at, cash) = (Price::from_micros(micros), Money::new(minor, Currency::Usd));
            if let Ok(bought) = at.shares_for(cash) {
                prop_assert!(i128::from(micros) * i128::from(bought.nanos()) <= i128::from(minor) * 10_i128.pow(13));
                prop_assert!(at.times(bought, Currency::Usd).unwrap().minor() <= minor);
            }
        }

        #[test]
        fn an_amount_is_at_most_half_a_cent_off(micros in 0_i64..10_i64.pow(12), nanos in 0_i64..10_i64.pow(12)) {
            let amount = Price::from_micros(micros).times(Quantity::from_nanos(nanos), Currency::Usd).unwrap();
            let off = i128::from(micros) * i128::from(nanos) - i128::from(amount.minor()) * 10_i128.pow(13);
            prop_assert!(off.abs() * 2 <= 10_i128.pow(13));
        }
    }
}
