//! `[trading]`: orders, the paper venue that fills them, and its hours.

use jiff::civil::Date;
use serde::Deserialize;
use stockade_domain::{
    calendar::{Calendar, Hours},
    currency::Currency,
    money::Money,
    orders::FeeSchedule,
    quantity::Quantity,
};

use super::field::{dates, within};

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
    /// The fee, in hundredths of a percent of what was bought or sold.
    #[serde(deserialize_with = "within::<0, 1_000, _, _>")]
    pub fee_bps: u32,
    /// The least fee of an order that was filled at all, in cents.
    #[serde(deserialize_with = "within::<0, 1_000_000, _, _>")]
    pub smallest_fee_cents: i64,
    /// When orders are filled.
    pub hours: Hours,
    /// Days in New York on which the exchange is closed out of turn.
    #[serde(deserialize_with = "dates")]
    pub closed_on: Vec<Date>,
}

impl Trading {
    /// The most shares filled at one quote.
    pub fn liquidity(&self) -> Quantity {
        Quantity::from_nanos(self.liquidity_shares.saturating_mul(1_000_000_000))
    }

    /// The least an order may be worth.
    pub fn smallest_order(&self, currency: Currency) -> Money {
        Money::new(self.smallest_order_cents, currency)
    }

    /// What orders are charged.
    pub fn fees(&self) -> FeeSchedule {
        FeeSchedule {
            bps: self.fee_bps,
            least: self.smallest_fee_cents,
        }
    }

    /// When orders are filled.
    pub fn calendar(&self) -> Calendar<'_> {
        Calendar::new(self.hours, &self.closed_on)
    }
}
