//! `[trading]`: orders and the paper venue that fills them.

use serde::Deserialize;
use stockade_domain::{currency::Currency, money::Money, quantity::Quantity};

use super::field::within;

/// Orders and their venue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trading {
    /// How far above the last price cash is held for a market order, in hundredths of a percent.
    #[serde(deserialize_with = "within::<1, 10_000, _, _>")]
    pub collar_bps: u32,
    /// The most shares filled at one quote.
    #[serde(deserialize_with = "within::<1, 1_000_000_000, _, _>")]
    pub liquidity_shares: i64,
    /// The least an order may be worth, in cents (minor units of the account's currency).
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub smallest_order_cents: i64,
    /// When orders are filled.
    pub hours: Hours,
}

impl Trading {
    /// The most shares filled at one quote.
    pub fn liquidity(&self) -> Quantity {
        Quantity::from_nanos(self.liquidity_shares.saturating_mul(1_000_000_000))
    }
}

impl Trading {
    /// The least an order may be worth.
    pub fn smallest_order(&self, currency: Currency) -> Money {
        Money::new(self.smallest_order_cents, currency)
    }
}

/// When orders are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hours {
    /// Day and night.
    Always,
}
