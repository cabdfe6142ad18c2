//! The order itself: its terms, its hold and what has become of it.
//!
//! Invariants: fields can be read freely but change only through the moves below; what was filled never exceeds
//! the size or the hold, not even in a record that comes back from storage.

use std::ops::Deref;

use jiff::Timestamp;

use super::client_id::ClientOrderId;
use super::execution::Execution;
use super::hold::Hold;
use super::kinds::Side;
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
    /// When it was placed.
    pub submitted_at: Timestamp,
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
pub struct Order(OrderRecord);

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
            submitted_at: at,
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

    /// Risk lets the order through to the venue.
    ///
    /// # Errors
    /// When it is not pending review.
    pub fn accept(&mut self, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Accepted, at)
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

    /// The venue executed some of the order, or what was left of it. On an error the order is unchanged.
    ///
    /// # Errors
    /// When the order is not at the venue, or the execution contradicts it.
    pub fn fill(&mut self, execution: &Execution, at: Timestamp) -> Result<(), OrderRefused> {
        let mut next = self.clone();
        let status = if execution.completes {
            OrderStatus::Filled
        } else {
            OrderStatus::PartiallyFilled
        };
        next.go(status, at)?;
        if !execution.qty.is_positive() || execution.amount.minor() < 0 {
            return Err(OrderRefused::Contradiction("execution"));
        }
        next.0.filled_qty = self.filled_qty.checked_add(execution.qty)?;
        next.0.filled_amount = self.filled_amount.checked_add(execution.amount)?;
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
            Hold::Cash { .. } => self.filled_amount.minor(),
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

    fn go(&mut self, next: OrderStatus, at: Timestamp) -> Result<(), IllegalMove> {
        self.0.status = self.status.to(next)?;
        self.0.updated_at = at;
        Ok(())
    }
}

fn check_hold(record: &OrderRecord) -> Result<(), OrderRefused> {
    let terms = &record.terms;
    let fits = match (terms.side(), record.hold) {
        (Side::Buy, Hold::Cash { amount, .. }) => {
            amount.is_positive() && amount.currency() == terms.currency()
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
    let within_hold = match record.hold {
        Hold::Cash { amount: most, .. } => amount.minor() <= most.minor(),
        Hold::Shares { quantity: most, .. } => qty <= most,
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
        OrderStatus::Canceled | OrderStatus::Expired => true,
    };
    let sound = qty.nanos() >= 0 && amount.minor() >= 0 && amount.currency() == record.terms.currency();
    if sound && within_hold && within_size && whole && status_fits {
        Ok(())
    } else {
        Err(OrderRefused::Contradiction("filled part"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::orders::examples::{accepted, at, buy, placed, quote, sell, shares};
    use crate::orders::match_order;

    fn part(qty: &str, minor: i64, completes: bool) -> Execution {
        let amount = Money::new(minor, Currency::Usd);
        Execution {
            qty: shares(qty),
            price: "10".parse().unwrap(),
            amount,
            completes,
        }
    }

    #[test]
    fn an_order_is_born_in_review_under_its_own_name() {
        let order = placed(&buy("2"), &quote("10", "10"));
        assert_eq!(order.status, OrderStatus::PendingReview);
        assert_eq!(order.client_order_id.as_str(), order.id.to_string());
        assert_eq!(
            (order.filled_avg_price(), order.hold_left().amount),
            (None, 2_100)
        );
        assert_eq!(match_order(&order, &quote("10", "10"), shares("5")), Ok(None));
    }

    #[test]
    fn each_end_has_its_time() {
        let market = quote("10", "10");
        let mut canceled = accepted(&buy("2"), &market);
        canceled.fill(&part("1", 1_000, false), at(1)).unwrap();
        canceled.cancel(at(2)).unwrap();
        assert_eq!(
            (canceled.canceled_at, canceled.filled_at, canceled.updated_at),
            (Some(at(2)), None, at(2))
        );
        assert_eq!(
            (canceled.hold_left().amount, canceled.filled_avg_price()),
            (1_100, "10".parse().ok())
        );
        let mut expired = placed(&buy("2"), &market);
        expired.expire(at(3)).unwrap();
        assert_eq!(expired.expired_at, Some(at(3)));
        let mut filled = accepted(&sell("2"), &market);
        filled.fill(&part("2", 2_000, true), at(4)).unwrap();
        assert_eq!((filled.filled_at, filled.hold_left().amount), (Some(at(4)), 0));
    }

    #[test]
    fn an_execution_that_contradicts_the_order_changes_nothing() {
        let mut order = accepted(&buy("2"), &quote("10", "10"));
        let before = order.clone();
        for wrong in [
            part("2.000000001", 2_000, true),
            part("2", 2_000, false),
            part("1", 1_000, true),
            part("2", 2_101, true),
            part("0", 0, false),
            part("1", -1, false),
        ] {
            assert!(
                matches!(order.fill(&wrong, at(1)), Err(OrderRefused::Contradiction(_))),
                "{wrong:?}"
            );
            assert_eq!(order, before);
        }
        let mut in_review = placed(&buy("2"), &quote("10", "10"));
        assert!(matches!(
            in_review.fill(&part("2", 2_000, true), at(1)),
            Err(OrderRefused::Move(_))
        ));
    }

    #[test]
    fn a_record_that_contradicts_itself_is_not_restored() {
        let mut order = accepted(&buy("2"), &quote("10", "10"));
        order.fill(&part("1", 1_000, false), at(1)).unwrap();
        let record = order.clone().into_record();
        assert_eq!(Order::restore(record.clone()), Ok(order));
        let sold = Hold::Shares {
            symbol: "KO".parse().unwrap(),
            quantity: shares("2"),
        };
        for wrong in [
            OrderRecord {
                status: OrderStatus::Accepted,
                ..record.clone()
            },
            OrderRecord {
                status: OrderStatus::Filled,
                ..record.clone()
            },
            OrderRecord {
                filled_qty: shares("2"),
                ..record.clone()
            },
            OrderRecord {
                filled_qty: shares("-1"),
                ..record.clone()
            },
            OrderRecord {
                filled_amount: Money::new(2_101, Currency::Usd),
                ..record.clone()
            },
            OrderRecord {
                filled_amount: Money::new(1_000, Currency::Eur),
                ..record.clone()
            },
            OrderRecord {
                hold: sold,
                ..record.clone()
            },
        ] {
            assert!(matches!(
                Order::restore(wrong),
                Err(OrderRefused::Contradiction(_))
            ));
        }
    }
}
