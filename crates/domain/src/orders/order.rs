//! The order itself: its terms, its hold and what has become of it.
//!
//! Invariants: fields can be read freely but change only through the moves below; what was filled never exceeds
//! the size or the hold, not even in a record that comes back from storage.

use std::ops::Deref;

use jiff::Timestamp;

use super::client_id::ClientOrderId;
use super::execution::Execution;
use super::hold::Hold;
use super::kinds::{Side, TimeInForce};
use super::refused::OrderRefused;
use super::status::{IllegalMove, OrderStatus};
use super::terms::OrderTerms;
use crate::asset::AssetAmount;
use crate::ids::{AccountId, OrderId};
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;

/// Everything an order is, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// The order.
    pub id: OrderId,
    /// Whose it is.
    pub account: AccountId,
    /// The client's name for it, or its id as text.
    pub client_order_id: ClientOrderId,
    /// What was asked for.
    pub terms: OrderTerms,
    /// What was reserved when it was placed.
    pub hold: Hold,
    /// Where it stands.
    pub status: OrderStatus,
    /// How many shares have changed hands.
    pub filled_qty: Quantity,
    /// The cash for them, without fees.
    pub filled_amount: Money,
    /// The fees charged.
    pub filled_fees: Money,
    /// The order whose place it took.
    pub replaces: Option<OrderId>,
    /// The order that took its place.
    pub replaced_by: Option<OrderId>,
    /// When it was placed.
    pub submitted_at: Timestamp,
    /// When the market reached its stop.
    pub triggered_at: Option<Timestamp>,
    /// When its day is over; none for an order that is not good for the day, or still in review.
    pub good_until: Option<Timestamp>,
    /// When it was filled to the end.
    pub filled_at: Option<Timestamp>,
    /// When it was canceled.
    pub canceled_at: Option<Timestamp>,
    /// When it expired.
    pub expired_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An order. It reads like its [`OrderRecord`] and moves only along the legal graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order(pub(super) OrderRecord);

impl Deref for Order {
    type Target = OrderRecord;

    fn deref(&self) -> &OrderRecord {
        &self.0
    }
}

impl Order {
    /// A new order, pending review: risk accepts it at once or later.
    ///
    /// # Errors
    /// When the hold does not belong to the terms.
    pub fn new(
        id: OrderId,
        account: AccountId,
        client_order_id: Option<ClientOrderId>,
        terms: OrderTerms,
        hold: Hold,
        at: Timestamp,
    ) -> Result<Self, OrderRefused> {
        Self::restore(OrderRecord {
            id,
            account,
            client_order_id: client_order_id.unwrap_or_else(|| id.into()),
            terms,
            hold,
            status: OrderStatus::PendingReview,
            filled_qty: Quantity::ZERO,
            filled_amount: Money::zero(terms.currency()),
            filled_fees: Money::zero(terms.currency()),
            replaces: None,
            replaced_by: None,
            submitted_at: at,
            triggered_at: None,
            good_until: None,
            filled_at: None,
            canceled_at: None,
            expired_at: None,
            updated_at: at,
        })
    }

    /// An order as it was stored.
    ///
    /// # Errors
    /// When the record contradicts itself.
    pub fn restore(record: OrderRecord) -> Result<Self, OrderRefused> {
        check_hold(&record)?;
        check_filled(&record)?;
        Ok(Self(record))
    }

    /// The record, to be stored.
    #[must_use]
    pub fn into_record(self) -> OrderRecord {
        self.0
    }

    /// Risk lets the order through to the venue, where its day, if it is good for one, ends at `day_ends`.
    ///
    /// # Errors
    /// When it is not pending review.
    pub fn accept(&mut self, day_ends: Timestamp, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Accepted, at)?;
        self.0.good_until = (self.terms.time_in_force() == TimeInForce::Day).then_some(day_ends);
        Ok(())
    }

    /// Whether the order's day is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.good_until.is_some_and(|end| end <= now)
    }

    /// Review or the venue stops the order before any fill.
    ///
    /// # Errors
    /// When it is closed or filled in part.
    pub fn reject(&mut self, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Rejected, at)
    }

    /// The owner, or the order's time in force, ends it.
    ///
    /// # Errors
    /// When it is closed.
    pub fn cancel(&mut self, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Canceled, at)?;
        self.0.canceled_at = Some(at);
        Ok(())
    }

    /// Time ends the order: its day, or the time for review.
    ///
    /// # Errors
    /// When it is closed.
    pub fn expire(&mut self, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Expired, at)?;
        self.0.expired_at = Some(at);
        Ok(())
    }

    /// The venue executed some of the order, or what was left of it, for this fee (see [`Order::fee_for`]). On an
    /// error the order is unchanged.
    ///
    /// # Errors
    /// When the order is not at the venue, or the execution or the fee contradicts it.
    pub fn fill(&mut self, execution: &Execution, fee: Money, at: Timestamp) -> Result<(), OrderRefused> {
        let mut next = self.clone();
        let status = if execution.completes {
            OrderStatus::Filled
        } else {
            OrderStatus::PartiallyFilled
        };
        next.go(status, at)?;
        if !execution.qty.is_positive() || execution.amount.minor() < 0 || fee.minor() < 0 {
            return Err(OrderRefused::Contradiction("execution"));
        }
        next.0.filled_qty = self.filled_qty.checked_add(execution.qty)?;
        next.0.filled_amount = self.filled_amount.checked_add(execution.amount)?;
        next.0.filled_fees = self.filled_fees.checked_add(fee)?;
        next.0.filled_at = execution.completes.then_some(at);
        check_filled(&next.0)?;
        *self = next;
        Ok(())
    }

    /// What is still reserved: the hold less what the fills took out of it. To be released when the order closes.
    #[must_use]
    pub fn hold_left(&self) -> AssetAmount {
        let reserved = self.hold.reserved();
        // Neither negative nor larger than the hold, see check_filled.
        let used = match self.hold {
            Hold::Cash { .. } => self.filled_amount.minor() + self.filled_fees.minor(),
            Hold::Shares { .. } => self.filled_qty.nanos(),
        };
        AssetAmount {
            amount: reserved.amount - used,
            ..reserved
        }
    }

    /// Whether the order must be canceled after its first match, since its time in force does not let it rest.
    #[must_use]
    pub fn must_cancel_rest(&self) -> bool {
        self.status.can_fill() && self.terms.time_in_force().cancels_rest()
    }

    /// The average price of what was filled, rounded half-even; `None` before the first fill.
    #[must_use]
    pub fn filled_avg_price(&self) -> Option<Price> {
        Price::average(self.filled_amount, self.filled_qty).ok()
    }

    /// The most a buy may pay a share; none for a sale, and for a buy by notional.
    pub(super) const fn price_cap(&self) -> Option<Price> {
        match self.0.hold {
            Hold::Cash { price_cap, .. } => price_cap,
            Hold::Shares { .. } => None,
        }
    }

    pub(super) fn go(&mut self, next: OrderStatus, at: Timestamp) -> Result<(), IllegalMove> {
        self.0.status = self.status.to(next)?;
        self.0.updated_at = at;
        Ok(())
    }
}

fn check_hold(record: &OrderRecord) -> Result<(), OrderRefused> {
    let terms = &record.terms;
    let fits = match (terms.side(), record.hold) {
        (Side::Buy, Hold::Cash { amount, fees, .. }) => {
            let total = amount
                .checked_add(fees)
                .map_err(|_| OrderRefused::Contradiction("hold"))?;
            amount.is_positive() && fees.minor() >= 0 && total.currency() == terms.currency()
        }
        (Side::Sell, Hold::Shares { symbol, quantity }) => quantity.is_positive() && symbol == terms.symbol(),
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(OrderRefused::Contradiction("hold"))
    }
}

fn check_filled(record: &OrderRecord) -> Result<(), OrderRefused> {
    let (qty, amount) = (record.filled_qty, record.filled_amount);
    let fees = record.filled_fees;
    let within_hold = match record.hold {
        Hold::Cash {
            amount: most,
            fees: most_fees,
            ..
        } => amount.minor() <= most.minor() && fees.minor() <= most_fees.minor(),
        Hold::Shares { quantity: most, .. } => qty <= most && fees.minor() <= amount.minor(),
    };
    let within_size = record.terms.qty().is_none_or(|most| qty <= most)
        && record
            .terms
            .notional()
            .is_none_or(|most| amount.minor() <= most.minor());
    let whole = record
        .terms
        .qty()
        .is_none_or(|all| (qty == all) == (record.status == OrderStatus::Filled));
    let began = qty.is_positive();
    let status_fits = match record.status {
        OrderStatus::PendingReview | OrderStatus::Accepted | OrderStatus::Rejected => !began,
        OrderStatus::PartiallyFilled | OrderStatus::Filled => began,
        OrderStatus::Canceled | OrderStatus::Expired | OrderStatus::Replaced => true,
    };
    let total = amount
        .checked_add(fees)
        .map_err(|_| OrderRefused::Contradiction("filled part"))?;
    let sound = qty.nanos() >= 0
        && amount.minor() >= 0
        && fees.minor() >= 0
        && total.currency() == record.terms.currency();
    if sound && within_hold && within_size && whole && status_fits {
        Ok(())
    } else {
        Err(OrderRefused::Contradiction("filled part"))
    }
}
