//! Whose side of the books a line is on.

use crate::ids::AccountId;
use crate::text::words;

words! {
    /// What a customer's cash or shares are free for.
    Bucket, "bucket" {
        /// Free to spend, sell or withdraw.
        Available = "available",
        /// Reserved for an open order or a pending transfer.
        Held = "held",
    }
}

words! {
    /// The platform's own accounts. They go negative by nature and are summed, never checked.
    House, "house" {
        /// The world outside: banks that deposits come from.
        External = "external",
        /// The other side of every trade.
        Market = "market",
        /// Fees earned.
        Fees = "fees",
        /// Fractions of a minor unit that belong to nobody.
        Rounding = "rounding",
    }
}

/// An account of the ledger. Each holds any number of assets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerAccount {
    /// One bucket of a customer's account.
    Customer {
        /// The customer's account.
        account: AccountId,
        /// Available or held.
        bucket: Bucket,
    },
    /// One of the platform's own.
    House(House),
}

impl LedgerAccount {
    /// A customer's free cash or shares.
    #[must_use]
    pub const fn available(account: AccountId) -> Self {
        Self::Customer {
            account,
            bucket: Bucket::Available,
        }
    }

    /// A customer's reserved cash or shares.
    #[must_use]
    pub const fn held(account: AccountId) -> Self {
        Self::Customer {
            account,
            bucket: Bucket::Held,
        }
    }
}
