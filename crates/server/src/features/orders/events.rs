//! What the log says of orders: one event for each unit of work that moves one, named after where the order then stands.
//! Each carries what a client needs to follow the order without asking.

use serde::Serialize;
use serde_json::Value;
use stockade_domain::{
    ids::OrderId,
    money::Money,
    orders::{Fill, Order, OrderStatus, OrderType, Side, TimeInForce},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};

use crate::core::event::AuditEvent;

#[derive(Serialize)]
struct Entered<'a> {
    #[serde(flatten)]
    moved: Moved,
    client_order_id: &'a str,
    #[serde(rename = "type")]
    order_type: OrderType,
    time_in_force: TimeInForce,
    #[serde(skip_serializing_if = "Option::is_none")]
    qty: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notional: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a Value>,
}

#[derive(Serialize)]
struct Moved {
    order: OrderId,
    symbol: Symbol,
    side: Side,
    status: OrderStatus,
    filled_qty: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    filled_avg_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fill: Option<Filled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<OrderId>,
}

#[derive(Serialize)]
struct Filled {
    qty: Quantity,
    price: Price,
    amount: Money,
    fee: Money,
}

impl From<&Fill> for Filled {
    fn from(fill: &Fill) -> Self {
        Self {
            qty: fill.qty,
            price: fill.price,
            amount: fill.amount,
            fee: fill.fee,
        }
    }
}

impl Moved {
    fn new(order: &Order, fill: Option<&Fill>) -> Self {
        Self {
            order: order.id,
            symbol: order.terms.symbol(),
            side: order.terms.side(),
            status: order.status,
            filled_qty: order.filled_qty,
            filled_avg_price: order.filled_avg_price(),
            fill: fill.map(Filled::from),
            replaced_by: order.replaced_by,
        }
    }
}

/// An order came in, with its risk, or was let through after review; with its terms and what became of it at once.
pub(super) fn entered(order: &Order, fill: Option<&Fill>, risk: Option<&Value>) -> AuditEvent {
    let terms = &order.terms;
    AuditEvent::done(kind(order.status)).with(Entered {
        moved: Moved::new(order, fill),
        client_order_id: order.client_order_id.as_str(),
        order_type: terms.order_type(),
        time_in_force: terms.time_in_force(),
        qty: terms.qty(),
        notional: terms.notional(),
        limit_price: terms.limit_price(),
        stop_price: terms.stop_price(),
        replaces: order.replaces,
        risk,
    })
}

/// An order that was there moved.
pub(super) fn moved(order: &Order, fill: Option<&Fill>) -> AuditEvent {
    AuditEvent::done(kind(order.status)).with(Moved::new(order, fill))
}

/// The market reached an order's stop.
pub(super) fn triggered(order: &Order) -> AuditEvent {
    AuditEvent::done("order.triggered").with(Moved::new(order, None))
}

const fn kind(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PendingReview => "order.held_for_review",
        OrderStatus::Accepted => "order.accepted",
        OrderStatus::PartiallyFilled => "order.partially_filled",
        OrderStatus::Filled => "order.filled",
        OrderStatus::Canceled => "order.canceled",
        OrderStatus::Expired => "order.expired",
        OrderStatus::Replaced => "order.replaced",
        OrderStatus::Rejected => "order.rejected",
    }
}
