//! `[cash]`: deposits, withdrawals and payees.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;

use super::field::{seconds, within};

/// Deposits, withdrawals and payees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cash {
    /// For so long after a change of credentials nothing leaves.
    #[serde(deserialize_with = "within::<0, 720, _, _>")]
    hold_hours: i64,
    /// How long the simulated bank takes with a withdrawal.
    #[serde(rename = "withdrawal_seconds", deserialize_with = "seconds::<0, 604_800, _>")]
    withdrawal_takes: Duration,
    /// How long it takes with a deposit.
    #[serde(rename = "deposit_seconds", deserialize_with = "seconds::<0, 604_800, _>")]
    deposit_takes: Duration,
    /// Payees of one person at once.
    #[serde(deserialize_with = "within::<1, 1_000, _, _>")]
    pub payees: i64,
}

impl Cash {
    /// For so long after a change of credentials nothing leaves.
    pub fn hold(&self) -> SignedDuration {
        SignedDuration::from_hours(self.hold_hours)
    }

    /// How long the simulated bank takes with a withdrawal.
    pub fn withdrawal_takes(&self) -> SignedDuration {
        signed(self.withdrawal_takes)
    }

    /// How long it takes with a deposit; zero means that the cash is there at once.
    pub fn deposit_takes(&self) -> SignedDuration {
        signed(self.deposit_takes)
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
