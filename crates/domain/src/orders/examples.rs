//! Orders and quotes to test with.

use jiff::Timestamp;
use uuid::Uuid;

use super::{FeeSchedule, Order, OrderTerms, OrderText, hold_for};
use crate::currency::Currency;
use crate::ids::{AccountId, OrderId};
use crate::quantity::Quantity;
use crate::quote::Quote;

/// A market order to buy, for the day.
pub(super) const fn buy(qty: &str) -> OrderText<'_> {
    OrderText {
        symbol: "KO",
        currency: Currency::Usd,
        side: "buy",
        order_type: "market",
        time_in_force: "day",
        qty: Some(qty),
        notional: None,
        limit_price: None,
        stop_price: None,
    }
}

/// A market order to sell, for the day.
pub(super) fn sell(qty: &str) -> OrderText<'_> {
    OrderText {
        side: "sell",
        ..buy(qty)
    }
}

/// A quote with its last price at the bid.
pub(super) fn quote(bid: &str, ask: &str) -> Quote {
    let bid = bid.parse().unwrap();
    Quote::new(bid, ask.parse().unwrap(), bid, Timestamp::UNIX_EPOCH).unwrap()
}

/// An order that is placed at this quote, pending review.
pub(super) fn placed(text: &OrderText<'_>, quote: &Quote) -> Order {
    placed_with_fees(text, quote, FeeSchedule::FREE)
}

/// The same at a venue that charges.
pub(super) fn placed_with_fees(text: &OrderText<'_>, quote: &Quote, fees: FeeSchedule) -> Order {
    let terms = OrderTerms::read(text).unwrap();
    let hold = hold_for(&terms, quote, 500, &fees).unwrap();
    let (id, account) = (
        OrderId::from_uuid(Uuid::from_u128(7)),
        AccountId::from_uuid(Uuid::from_u128(1)),
    );
    Order::new(id, account, None, terms, hold, at(0)).unwrap()
}

/// An order that is at the venue.
pub(super) fn accepted(text: &OrderText<'_>, quote: &Quote) -> Order {
    accepted_with_fees(text, quote, FeeSchedule::FREE)
}

/// The same at a venue that charges.
pub(super) fn accepted_with_fees(text: &OrderText<'_>, quote: &Quote, fees: FeeSchedule) -> Order {
    let mut order = placed_with_fees(text, quote, fees);
    order.accept(at(1_000), at(0)).unwrap();
    order
}

/// So many seconds after the epoch.
pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// So many shares.
pub(super) fn shares(text: &str) -> Quantity {
    text.parse().unwrap()
}
