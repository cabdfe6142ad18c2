//! Lots: shares bought together, with what they cost, and what selling them earns.
//!
//! Invariants: the parts of a lot's cost, and of a sale's proceeds, add up to the whole to the last minor unit;
//! quantities likewise. Fees are in the basis: the cost of a lot is the fill's amount plus its fee, and the
//! proceeds of a sale are the amount less its fee.

mod close;
mod cut;
mod method;
mod position;
mod split;

pub use close::{Averaged, Closed, Closing, close};
pub use method::LotMethod;
pub use position::Position;
pub use split::{Split, split};

use jiff::Timestamp;

use crate::ids::LotId;
use crate::money::{AmountError, Money};
use crate::quantity::Quantity;
use crate::refusal::{Refusal, RefusalClass};
use crate::symbol::Symbol;

/// Shares bought together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The lot.
    pub id: LotId,
    /// The security.
    pub symbol: Symbol,
    /// When the shares were bought.
    pub opened_at: Timestamp,
    /// How many were bought.
    pub quantity: Quantity,
    /// How many are left.
    pub remaining: Quantity,
    /// What all of them cost, with fees.
    pub cost: Money,
    /// What the ones that are left cost.
    pub cost_remaining: Money,
}

impl Lot {
    /// A lot of which nothing is sold yet. `cost` includes the fee.
    #[must_use]
    pub fn open(id: LotId, symbol: Symbol, opened_at: Timestamp, quantity: Quantity, cost: Money) -> Self {
        Self {
            id,
            symbol,
            opened_at,
            quantity,
            remaining: quantity,
            cost,
            cost_remaining: cost,
        }
    }
}

/// Why lots cannot be closed or summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LotsRefused {
    /// The lots hold fewer shares than are to be sold.
    #[error("{missing} more shares would be needed")]
    NotEnoughShares {
        /// How many more would be needed.
        missing: Quantity,
    },
    /// Nothing, or less, is to be sold.
    #[error("the quantity to close must be above zero")]
    NotPositive,
    /// Lots of several securities came together: a fault.
    #[error("lots of {one} and {other} cannot be closed together")]
    MixedSymbols {
        /// One security.
        one: Symbol,
        /// Another.
        other: Symbol,
    },
    /// Amounts do not fit, or are in several currencies.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl Refusal for LotsRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotEnoughShares { .. } => "order.not_enough_shares",
            Self::NotPositive => "lots.not_positive",
            Self::MixedSymbols { .. } => "lots.mixed_symbols",
            Self::Amount(why) => why.code(),
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::NotEnoughShares { .. } => RefusalClass::Conflict,
            Self::NotPositive | Self::MixedSymbols { .. } => RefusalClass::Fault,
            Self::Amount(why) => why.class(),
        }
    }
}

/// The security that all lots are of; `None` when there are no lots.
fn one_symbol<'a>(lots: impl IntoIterator<Item = &'a Lot>) -> Result<Option<Symbol>, LotsRefused> {
    let mut lots = lots.into_iter();
    let Some(first) = lots.next() else { return Ok(None) };
    match lots.find(|lot| lot.symbol != first.symbol) {
        Some(odd) => Err(LotsRefused::MixedSymbols {
            one: first.symbol,
            other: odd.symbol,
        }),
        None => Ok(Some(first.symbol)),
    }
}
