//! Currencies: the ISO 4217 codes that Stockade keeps cash in, with their minor units.

use crate::text::words;

words! {
    /// A currency by its ISO 4217 alphabetic code.
    Currency, "currency" {
        /// United States dollar.
        Usd = "USD",
        /// Euro.
        Eur = "EUR",
        /// Pound sterling.
        Gbp = "GBP",
        /// Japanese yen, which has no minor unit.
        Jpy = "JPY",
    }
}

impl Currency {
    /// How many decimals the minor unit has (ISO 4217, "minor unit").
    #[must_use]
    pub const fn minor_digits(self) -> u32 {
        match self {
            Self::Usd | Self::Eur | Self::Gbp => 2,
            Self::Jpy => 0,
        }
    }

    /// How many minor units make one whole unit: 100 cents a dollar, 1 yen a yen.
    #[must_use]
    pub const fn minor_per_unit(self) -> i64 {
        10_i64.pow(self.minor_digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_upper_case_and_round_trip() {
        for currency in Currency::ALL {
            assert_eq!(currency.as_str().parse(), Ok(*currency));
            assert_eq!(
                serde_json::from_str::<Currency>(&format!("\"{currency}\"")).unwrap(),
                *currency
            );
        }
        assert!("usd".parse::<Currency>().is_err());
        assert!(serde_json::from_str::<Currency>("\"XXX\"").is_err());
    }

    #[test]
    fn minor_units_follow_the_standard() {
        assert_eq!(Currency::Usd.minor_per_unit(), 100);
        assert_eq!(Currency::Jpy.minor_per_unit(), 1);
    }
}
