//! What a venue did with an order.

use jiff::Timestamp;

use crate::ids::{FillId, OrderId};
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;

/// Shares that change hands at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execution {
    /// How many shares; above zero.
    pub qty: Quantity,
    /// At what price.
    pub price: Price,
    /// The cash for them, without the fee: `price × qty` rounded half-even, within what the order reserved.
    pub amount: Money,
    /// Whether nothing of the order is left.
    pub completes: bool,
}

/// An execution on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The fill.
    pub id: FillId,
    /// The order it belongs to.
    pub order: OrderId,
    /// How many shares.
    pub qty: Quantity,
    /// At what price.
    pub price: Price,
    /// The cash for them, without the fee.
    pub amount: Money,
    /// The fee.
    pub fee: Money,
    /// When it happened.
    pub at: Timestamp,
}

impl Execution {
    /// Puts the execution on record.
    #[must_use]
    pub const fn fill(&self, id: FillId, order: OrderId, fee: Money, at: Timestamp) -> Fill {
        let Self {
            qty, price, amount, ..
        } = *self;
        Fill {
            id,
            order,
            qty,
            price,
            amount,
            fee,
            at,
        }
    }
}
