//! What the log says of orders.

use serde::Serialize;
use stockade_domain::{
    ids::{OrderId, UserId},
    money::Money,
    orders::{Fill, Order, OrderStatus, OrderType, Side, TimeInForce},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};

use crate::core::event::AuditEvent;

#[derive(Serialize)]
struct Placed<'a> {
    order: OrderId,
    client_order_id: &'a str,
    symbol: Symbol,
    side: Side,
    #[serde(rename = "type")]
    order_type: OrderType,
    time_in_force: TimeInForce,
    #[serde(skip_serializing_if = "Option::is_none")]
    qty: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notional: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_price: Option<Price>,
    status: OrderStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    fill: Option<Filled>,
}

#[derive(Serialize)]
struct Moved {
    order: OrderId,
    status: OrderStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    fill: Option<Filled>,
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

/// An order came in, with what became of it at once.
pub(super) fn placed(order: &Order, fill: Option<&Fill>) -> AuditEvent {
    let terms = &order.terms;
    AuditEvent::done("order.placed").with(Placed {
        order: order.id,
        client_order_id: order.client_order_id.as_str(),
        symbol: terms.symbol(),
        side: terms.side(),
        order_type: terms.order_type(),
        time_in_force: terms.time_in_force(),
        qty: terms.qty(),
        notional: terms.notional(),
        limit_price: terms.limit_price(),
        status: order.status,
        fill: fill.map(Filled::from),
    })
}

/// A resting order filled, in part or whole.
pub(super) fn filled(owner: UserId, order: &Order, fill: &Fill) -> AuditEvent {
    moved("order.filled", order, Some(fill)).about(owner)
}

/// A resting order's time ran out.
pub(super) fn expired(owner: UserId, order: &Order) -> AuditEvent {
    moved("order.expired", order, None).about(owner)
}

/// Its owner took an order back.
pub(super) fn canceled(order: &Order) -> AuditEvent {
    moved("order.canceled", order, None)
}

fn moved(kind: &'static str, order: &Order, fill: Option<&Fill>) -> AuditEvent {
    AuditEvent::done(kind).with(Moved {
        order: order.id,
        status: order.status,
        fill: fill.map(Filled::from),
    })
}
