//! `[reviews]`: transactions that wait for an analyst.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use stockade_domain::money::Money;

use super::field::within;

/// Transactions that wait for an analyst.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// For so long a transaction waits.
    #[serde(deserialize_with = "within::<1, 720, _, _>")]
    hours: i64,
    /// Above this two analysts must approve, in whole units of the account's currency.
    #[serde(deserialize_with = "within::<0, 1_000_000_000, _, _>")]
    two_approvals_over: i64,
    /// What transactions usually come to, in whole units of currency.
    #[serde(deserialize_with = "within::<1, 1_000_000_000, _, _>")]
    usual_amount: i64,
}

impl Reviews {
    /// When something that is held from now on comes to nothing.
    pub fn until(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(SignedDuration::from_hours(self.hours))
            .unwrap_or(Timestamp::MAX)
    }

    /// What everybody's transactions usually come to, in cents.
    pub fn usual_cents(&self) -> i64 {
        self.usual_amount.saturating_mul(100)
    }

    /// How many analysts must approve a transaction of this amount.
    pub fn approvals_for(&self, amount: Option<Money>) -> i64 {
        let over = |amount: Money| {
            amount.minor()
                > self
                    .two_approvals_over
                    .saturating_mul(amount.currency().minor_per_unit())
        };
        if amount.is_some_and(over) { 2 } else { 1 }
    }
}
