//! An order as it is shown.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use stockade_domain::{
    ids::{OrderId, UserId},
    money::Money,
    orders::{Fill, Order, OrderStatus, OrderType, Side, TimeInForce},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;

use crate::features::{
    quarantine::{Note, Notes, ReviewView},
    risk::RiskView,
};

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
    #[schema(value_type = Option<String>)]
    stop_price: Option<Price>,
    /// The fees charged so far.
    #[schema(value_type = String)]
    fees: Money,
    /// `pending_review`, `accepted`, `partially_filled`, `filled`, `canceled`, `expired`, `replaced`, `rejected`
    #[schema(value_type = String)]
    status: OrderStatus,
    /// The order whose place this one took.
    #[schema(value_type = Option<uuid::Uuid>)]
    replaces: Option<OrderId>,
    /// The order that took this one's place.
    #[schema(value_type = Option<uuid::Uuid>)]
    replaced_by: Option<OrderId>,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    /// When the market reached the stop price.
    #[schema(value_type = Option<String>, format = DateTime)]
    triggered_at: Option<Timestamp>,
    /// When the day of an order for the day ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    filled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    canceled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expired_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// How risky it looked, and why; null when it looked no riskier than others.
    #[schema(value_type = Option<RiskView>)]
    risk: Option<Value>,
    /// Present when it waits, or waited, for review.
    review: Option<ReviewView>,
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

    /// Whether it waits for an analyst.
    pub(super) fn is_under_review(&self) -> bool {
        self.status == OrderStatus::PendingReview
    }

    /// With what was noted of it.
    pub(super) fn with(self, note: Option<Note>) -> Self {
        let (risk, review) = note.map_or((None, None), |note| (Some(note.risk), note.review));
        Self { risk, review, ..self }
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
            stop_price: terms.stop_price(),
            fees: order.filled_fees,
            status: order.status,
            replaces: order.replaces,
            replaced_by: order.replaced_by,
            submitted_at: order.submitted_at,
            triggered_at: order.triggered_at,
            expires_at: order.good_until,
            filled_at: order.filled_at,
            canceled_at: order.canceled_at,
            expired_at: order.expired_at,
            updated_at: order.updated_at,
            risk: None,
            review: None,
            fills: fills.iter().map(FillView::from).collect(),
        }
    }
}

/// Orders of one person with what was noted of them, in their order.
pub(super) async fn all_noted(
    on: &mut impl Queryable,
    owner: UserId,
    views: Vec<OrderView>,
) -> DbResult<Vec<OrderView>> {
    let mut notes = Notes::of(on, owner, views.iter().map(OrderView::id)).await?;
    let noted = |view: OrderView| {
        let note = notes.take(view.id());
        view.with(note)
    };
    Ok(views.into_iter().map(noted).collect())
}

/// An order with what was noted of it.
pub(super) async fn noted(on: &mut impl Queryable, owner: UserId, view: OrderView) -> DbResult<OrderView> {
    let mut notes = Notes::of(on, owner, [view.id()]).await?;
    let note = notes.take(view.id());
    Ok(view.with(note))
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
