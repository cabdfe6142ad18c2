//! Replacing: an open order ends, and another with changed terms takes its place, under an id of its own.

use jiff::Timestamp;

use super::hold::Hold;
use super::order::{Order, OrderRecord};
use super::refused::OrderRefused;
use super::status::{IllegalMove, OrderStatus};
use super::terms::{OrderParts, OrderTerms};
use crate::amounts;
use crate::ids::OrderId;

/// What is to change, as it was sent; what is absent stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderChange<'a> {
    /// Shares in all, those included that were filled already.
    pub qty: Option<&'a str>,
    /// Currency units a share.
    pub limit_price: Option<&'a str>,
    /// Currency units a share.
    pub stop_price: Option<&'a str>,
    /// `day`, `gtc`, `ioc` or `fok`.
    pub time_in_force: Option<&'a str>,
}

impl Order {
    /// The terms of the order that replaces this one. The new quantity counts what was filled already (as FIX 4.4's
    /// `OrderQty` does), so that a fill that comes in between never makes the owner trade more than they asked for;
    /// the new order asks for the rest.
    ///
    /// # Errors
    /// When the order cannot be replaced any more, or at all, or the new terms are not sound.
    pub fn changed_terms(&self, change: &OrderChange<'_>) -> Result<OrderTerms, OrderRefused> {
        self.status.to(OrderStatus::Replaced)?;
        let OrderChange {
            qty,
            limit_price,
            stop_price,
            time_in_force,
        } = *change;
        if [qty, limit_price, stop_price, time_in_force]
            .iter()
            .all(Option::is_none)
        {
            return Err(OrderRefused::NothingToReplace);
        }
        let terms = &self.terms;
        let before = terms.qty().ok_or(OrderRefused::NotionalCannotBeReplaced)?;
        let all = qty.map_or(Ok(before), |sent| amounts::quantity("qty", sent))?;
        let left = all.checked_sub(self.filled_qty)?;
        if !left.is_positive() {
            return Err(OrderRefused::FilledAlready);
        }
        let limit_price = limit_price.map(|sent| amounts::price("limit_price", sent));
        let stop_price = stop_price.map(|sent| amounts::price("stop_price", sent));
        OrderTerms::new(OrderParts {
            symbol: terms.symbol(),
            currency: terms.currency(),
            side: terms.side(),
            order_type: terms.order_type(),
            time_in_force: time_in_force.map_or(Ok(terms.time_in_force()), str::parse)?,
            qty: Some(left),
            notional: None,
            limit_price: limit_price.transpose()?.or(terms.limit_price()),
            stop_price: stop_price.transpose()?.or(terms.stop_price()),
        })
    }

    /// The order that takes this one's place, pending review. A stop that was reached stays reached unless it changed.
    ///
    /// # Errors
    /// When the hold does not belong to the terms.
    pub fn replacement(
        &self,
        id: OrderId,
        terms: OrderTerms,
        hold: Hold,
        at: Timestamp,
    ) -> Result<Self, OrderRefused> {
        let new = Self::new(id, self.account, None, terms, hold, at)?;
        Self::restore(OrderRecord {
            replaces: Some(self.id),
            triggered_at: self
                .triggered_at
                .filter(|_| terms.stop_price() == self.terms.stop_price()),
            ..new.into_record()
        })
    }

    /// Ends the order in favour of another.
    ///
    /// # Errors
    /// When it is closed or in review.
    pub fn replace_by(&mut self, other: OrderId, at: Timestamp) -> Result<(), IllegalMove> {
        self.go(OrderStatus::Replaced, at)?;
        self.0.replaced_by = Some(other);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::orders::examples::{accepted, at, buy, placed, quote, shares};
    use crate::orders::{FeeSchedule, OrderText, TimeInForce, hold_for, match_order};
    use crate::refusal::Refusal;

    fn limit() -> OrderText<'static> {
        OrderText {
            order_type: "limit",
            limit_price: Some("10"),
            ..buy("5")
        }
    }

    #[test]
    fn what_is_not_named_stays_and_the_quantity_counts_what_was_filled() {
        let market = quote("10", "10");
        let mut order = accepted(&limit(), &market);
        let execution = match_order(&order, &market, shares("2")).unwrap().unwrap();
        order
            .fill(
                &execution,
                crate::money::Money::zero(order.terms.currency()),
                at(1),
            )
            .unwrap();
        let change = OrderChange {
            qty: Some("6"),
            time_in_force: Some("gtc"),
            ..OrderChange::default()
        };
        let terms = order.changed_terms(&change).unwrap();
        assert_eq!(
            (terms.qty(), terms.limit_price()),
            (Some(shares("4")), "10".parse().ok())
        );
        assert_eq!(terms.time_in_force(), TimeInForce::Gtc);
        let hold = hold_for(&terms, &market, 500, &FeeSchedule::FREE).unwrap();
        let id = OrderId::from_uuid(Uuid::from_u128(8));
        let new = order.replacement(id, terms, hold, at(2)).unwrap();
        order.replace_by(id, at(2)).unwrap();
        assert_eq!((new.replaces, order.replaced_by), (Some(order.id), Some(id)));
        assert_eq!((order.status, order.waits()), (OrderStatus::Replaced, None));
        assert_eq!(new.filled_qty, shares("0"));
    }

    #[test]
    fn a_reached_stop_stays_reached_unless_it_changes() {
        let market = quote("10", "10");
        let text = OrderText {
            order_type: "stop_limit",
            stop_price: Some("11"),
            ..limit()
        };
        let mut order = accepted(&text, &market);
        assert!(order.trigger(&quote("11", "12"), at(1)));
        let replaced = |change: OrderChange<'_>| {
            let terms = order.changed_terms(&change).unwrap();
            let hold = hold_for(&terms, &market, 500, &FeeSchedule::FREE).unwrap();
            let id = OrderId::from_uuid(Uuid::from_u128(8));
            order.replacement(id, terms, hold, at(2)).unwrap().triggered_at
        };
        let dearer = OrderChange {
            limit_price: Some("12"),
            ..OrderChange::default()
        };
        assert_eq!(replaced(dearer), Some(at(1)));
        let later = OrderChange {
            stop_price: Some("12"),
            ..OrderChange::default()
        };
        assert_eq!(replaced(later), None);
    }

    #[test]
    fn what_cannot_be_replaced_is_refused() {
        let market = quote("10", "10");
        let mut order = accepted(&limit(), &market);
        let code = |order: &Order, change: OrderChange<'_>| order.changed_terms(&change).unwrap_err().code();
        let more = OrderChange {
            qty: Some("9"),
            ..OrderChange::default()
        };
        assert_eq!(code(&order, OrderChange::default()), "order.nothing_to_replace");
        let stop = OrderChange {
            stop_price: Some("9"),
            ..OrderChange::default()
        };
        assert_eq!(code(&order, stop), "order.stop_price_forbidden");
        assert_eq!(code(&placed(&limit(), &market), more), "order.illegal_move");
        let notional = OrderText {
            qty: None,
            notional: Some("50"),
            ..buy("1")
        };
        assert_eq!(
            code(&accepted(&notional, &market), more),
            "order.notional_cannot_be_replaced"
        );
        let execution = match_order(&order, &market, shares("2")).unwrap().unwrap();
        order
            .fill(
                &execution,
                crate::money::Money::zero(order.terms.currency()),
                at(1),
            )
            .unwrap();
        let filled = OrderChange {
            qty: Some("2"),
            ..OrderChange::default()
        };
        assert_eq!(code(&order, filled), "order.filled_already");
        order.cancel(at(2)).unwrap();
        assert_eq!(code(&order, more), "order.closed");
    }
}
