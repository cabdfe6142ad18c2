//! Cash and shares at one instant.

use std::collections::BTreeMap;

use stockade_domain::{currency::Currency, price::Price, quantity::Quantity, symbol::Symbol};

use crate::features::portfolio::history::Entry;

/// What an account holds: cash in minor units, shares in 10⁻⁹; no share that is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::features::portfolio) struct Holdings {
    pub(in crate::features::portfolio) cash: i64,
    pub(in crate::features::portfolio) shares: BTreeMap<Symbol, i64>,
}

impl Holdings {
    /// What it holds after something happened.
    pub(in crate::features::portfolio) fn apply(&mut self, entry: &Entry) {
        self.cash += entry.cash;
        if let Some((symbol, change)) = entry.shares {
            let held = self.shares.entry(symbol).or_default();
            *held += change;
            if *held == 0 {
                self.shares.remove(&symbol);
            }
        }
    }

    pub(in crate::features::portfolio) fn is_empty(&self) -> bool {
        self.cash == 0 && self.shares.is_empty()
    }

    /// What the shares are worth in minor units; `None` when a price is missing or the sum does not fit.
    pub(in crate::features::portfolio) fn market_value(
        &self,
        currency: Currency,
        mut price: impl FnMut(Symbol) -> Option<Price>,
    ) -> Option<i64> {
        let mut sum: i64 = 0;
        for (symbol, shares) in &self.shares {
            let worth = price(*symbol)?
                .times(Quantity::from_nanos(*shares), currency)
                .ok()?;
            sum = sum.checked_add(worth.minor())?;
        }
        Some(sum)
    }
}
