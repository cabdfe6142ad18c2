//! An order as it is shown.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    ids::OrderId,
    money::Money,
    orders::{Fill, Order, OrderStatus, OrderType, Side, TimeInForce},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use utoipa::ToSchema;

/// An order with what has become of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderView {
    #[schema(value_type = uuid::Uuid)]
    pub(super) id: OrderId,
    client_order_id: String,
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    #[schema(value_type = String)]
    side: Side,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    order_type: OrderType,
    #[schema(value_type = String)]
    time_in_force: TimeInForce,
    #[schema(value_type = Option<String>)]
    qty: Option<Quantity>,
    #[schema(value_type = Option<String>)]
    notional: Option<Money>,
    #[schema(value_type = String)]
    filled_qty: Quantity,
    #[schema(value_type = Option<String>)]
    filled_avg_price: Option<Price>,
    #[schema(value_type = Option<String>)]
    limit_price: Option<Price>,
    /// `accepted`, `partially_filled`, `filled`, `canceled`, `expired`, `rejected`
    #[schema(value_type = String)]
    status: OrderStatus,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    filled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    canceled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expired_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    fills: Vec<FillView>,
}

/// Shares that changed hands.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FillView {
    #[schema(value_type = String)]
    qty: Quantity,
    #[schema(value_type = String)]
    price: Price,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String)]
    fee: Money,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl OrderView {
    /// Its id.
    pub fn id(&self) -> uuid::Uuid {
        self.id.as_uuid()
    }

    pub(super) fn new(order: &Order, fills: &[Fill]) -> Self {
        let terms = &order.terms;
        Self {
            id: order.id,
            client_order_id: order.client_order_id.as_str().to_owned(),
            symbol: terms.symbol(),
            side: terms.side(),
            order_type: terms.order_type(),
            time_in_force: terms.time_in_force(),
            qty: terms.qty(),
            notional: terms.notional(),
            filled_qty: order.filled_qty,
            filled_avg_price: order.filled_avg_price(),
            limit_price: terms.limit_price(),
            status: order.status,
            submitted_at: order.submitted_at,
            filled_at: order.filled_at,
            canceled_at: order.canceled_at,
            expired_at: order.expired_at,
            updated_at: order.updated_at,
            fills: fills.iter().map(FillView::from).collect(),
        }
    }
}

impl From<&Fill> for FillView {
    fn from(fill: &Fill) -> Self {
        Self {
            qty: fill.qty,
            price: fill.price,
            amount: fill.amount,
            fee: fill.fee,
            at: fill.at,
        }
    }
}
