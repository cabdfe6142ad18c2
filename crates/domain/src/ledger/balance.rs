//! A customer's balance of one asset.
//!
//! Invariant: neither part is ever negative, so there is no overdraft and nothing is held twice.

use super::posting::Movement;
use crate::asset::Asset;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::refusal::{Refusal, RefusalClass};
use crate::symbol::Symbol;

/// What a customer has of one asset, in its unit: minor units of cash, or 10⁻⁹ shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    available: i64,
    held: i64,
}

impl Balance {
    /// Nothing.
    pub const ZERO: Self = Self {
        available: 0,
        held: 0,
    };

    /// A balance as stored; `None` when a part is negative, which no sound store holds.
    #[must_use]
    pub const fn restore(available: i64, held: i64) -> Option<Self> {
        if available < 0 || held < 0 {
            None
        } else {
            Some(Self { available, held })
        }
    }

    /// What is free to use.
    #[must_use]
    pub const fn available(self) -> i64 {
        self.available
    }

    /// What is reserved.
    #[must_use]
    pub const fn held(self) -> i64 {
        self.held
    }

    /// The balance after `movement`, which must be of this account and asset.
    ///
    /// # Errors
    /// When a part would go negative or does not fit; see [`BalanceRefused`].
    pub fn apply(self, movement: &Movement) -> Result<Self, BalanceRefused> {
        let Movement { asset, .. } = *movement;
        let too_large = BalanceRefused::TooLarge { asset };
        let available = self.available.checked_add(movement.available).ok_or(too_large)?;
        let held = self.held.checked_add(movement.held).ok_or(too_large)?;
        if held < 0 {
            return Err(BalanceRefused::NotHeld {
                asset,
                missing: held.saturating_neg(),
            });
        }
        if available < 0 {
            return Err(not_enough(asset, available.saturating_neg()));
        }
        Ok(Self { available, held })
    }
}

fn not_enough(asset: Asset, missing: i64) -> BalanceRefused {
    match asset {
        Asset::Cash(currency) => BalanceRefused::NotEnoughCash {
            missing: Money::new(missing, currency),
        },
        Asset::Security(symbol) => BalanceRefused::NotEnoughShares {
            symbol,
            missing: Quantity::from_nanos(missing),
        },
    }
}

/// Why a balance cannot change as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BalanceRefused {
    /// More cash than is available.
    #[error("{missing} {} more would be needed in available cash", missing.currency())]
    NotEnoughCash {
        /// How much more would be needed.
        missing: Money,
    },
    /// More shares than are available.
    #[error("{missing} more available shares of {symbol} would be needed")]
    NotEnoughShares {
        /// The security.
        symbol: Symbol,
        /// How many more would be needed.
        missing: Quantity,
    },
    /// More than was reserved is taken out of the reserve: a fault, since every hold ends exactly once.
    #[error("{missing} units of {asset} are not held")]
    NotHeld {
        /// The asset.
        asset: Asset,
        /// By how much the hold falls short, in the asset's unit.
        missing: i64,
    },
    /// The balance would not fit.
    #[error("the balance of {asset} would become too large")]
    TooLarge {
        /// The asset.
        asset: Asset,
    },
}

impl Refusal for BalanceRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotEnoughCash { .. } => "order.not_enough_cash",
            Self::NotEnoughShares { .. } => "order.not_enough_shares",
            Self::NotHeld { .. } => "ledger.not_held",
            Self::TooLarge { .. } => "ledger.balance_too_large",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::NotHeld { .. } => RefusalClass::Fault,
            _ => RefusalClass::Conflict,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;
    use crate::ids::AccountId;

    const USD: Asset = Asset::Cash(Currency::Usd);

    fn change(asset: Asset, available: i64, held: i64) -> Movement {
        Movement {
            account: AccountId::from_uuid(Uuid::nil()),
            asset,
            available,
            held,
        }
    }

    #[test]
    fn a_hold_beyond_what_is_available_names_what_is_missing() {
        let balance = Balance::restore(1_000, 0).unwrap();
        assert_eq!(
            balance.apply(&change(USD, -1_000, 1_000)),
            Ok(Balance {
                available: 0,
                held: 1_000
            })
        );
        let missing = Money::new(250, Currency::Usd);
        let refused = balance.apply(&change(USD, -1_250, 1_250)).unwrap_err();
        assert_eq!(refused, BalanceRefused::NotEnoughCash { missing });
        assert_eq!(refused.code(), "order.not_enough_cash");
        assert_eq!(
            refused.to_string(),
            "2.50 USD more would be needed in available cash"
        );
    }

    #[test]
    fn shares_are_missing_in_shares() {
        let symbol: Symbol = "KO".parse().unwrap();
        let refused = Balance::ZERO
            .apply(&change(Asset::Security(symbol), -1_500_000_000, 0))
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "1.5 more available shares of KO would be needed"
        );
        assert_eq!(
            (refused.code(), refused.class()),
            ("order.not_enough_shares", RefusalClass::Conflict)
        );
    }

    #[test]
    fn taking_more_than_was_held_is_a_fault() {
        let balance = Balance::restore(500, 100).unwrap();
        let refused = balance.apply(&change(USD, 101, -101)).unwrap_err();
        assert_eq!(
            refused,
            BalanceRefused::NotHeld {
                asset: USD,
                missing: 1
            }
        );
        assert_eq!(refused.class(), RefusalClass::Fault);
    }

    #[test]
    fn the_most_extreme_movement_is_refused_without_overflow() {
        assert!(Balance::ZERO.apply(&change(USD, i64::MIN, 0)).is_err());
        assert!(Balance::ZERO.apply(&change(USD, 0, i64::MIN)).is_err());
    }

    #[test]
    fn overflow_is_refused_and_negative_balances_cannot_be_restored() {
        let full = Balance::restore(i64::MAX, 0).unwrap();
        assert_eq!(
            full.apply(&change(USD, 1, 0)),
            Err(BalanceRefused::TooLarge { asset: USD })
        );
        assert_eq!(Balance::restore(-1, 0), None);
        assert_eq!(Balance::restore(0, -1), None);
    }
}
