//! Assets: what a ledger line can be an amount of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::currency::Currency;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::refusal::{Refusal, RefusalClass};
use crate::symbol::Symbol;

/// Cash in a currency, counted in minor units, or a security, counted in 10⁻⁹ shares.
///
/// Its text is `cash:USD` or the symbol. A symbol cannot hold a colon, so the two never collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// Cash.
    Cash(Currency),
    /// Shares.
    Security(Symbol),
}

const CASH: &str = "cash:";

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cash(currency) => write!(f, "{CASH}{currency}"),
            Self::Security(symbol) => symbol.fmt(f),
        }
    }
}

impl FromStr for Asset {
    type Err = InvalidAsset;

    fn from_str(text: &str) -> Result<Self, InvalidAsset> {
        match text.strip_prefix(CASH) {
            Some(code) => code.parse().map(Self::Cash).map_err(|_| InvalidAsset),
            None => text.parse().map(Self::Security).map_err(|_| InvalidAsset),
        }
    }
}

impl Serialize for Asset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Asset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::deserialize(deserializer, "an asset")
    }
}

/// So much of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssetAmount {
    /// Of what.
    pub asset: Asset,
    /// Minor units of cash, or 10⁻⁹ shares.
    pub amount: i64,
}

impl AssetAmount {
    /// So many shares of a security.
    #[must_use]
    pub const fn shares(symbol: Symbol, quantity: Quantity) -> Self {
        Self {
            asset: Asset::Security(symbol),
            amount: quantity.nanos(),
        }
    }
}

impl From<Money> for AssetAmount {
    fn from(money: Money) -> Self {
        Self {
            asset: Asset::Cash(money.currency()),
            amount: money.minor(),
        }
    }
}

/// The text names no asset. Code `asset.invalid`; only stored texts are read, so it is a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an asset is cash: and a currency, or a symbol")]
pub struct InvalidAsset;

impl Refusal for InvalidAsset {
    fn code(&self) -> &'static str {
        "asset.invalid"
    }

    fn class(&self) -> RefusalClass {
        RefusalClass::Fault
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_and_a_symbol_of_the_same_letters_stay_apart() {
        let cash = Asset::Cash(Currency::Usd);
        let security = Asset::Security("USD".parse().unwrap());
        assert_eq!(cash.to_string(), "cash:USD");
        assert_eq!(security.to_string(), "USD");
        for asset in [cash, security] {
            assert_eq!(asset.to_string().parse(), Ok(asset));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "cash:", "cash:usd", "cash:KO", "CASH:USD"] {
            assert_eq!(text.parse::<Asset>(), Err(InvalidAsset), "{text}");
        }
    }
}
