//! The only SQL that names `orders` and `fills`.

use jiff::Timestamp;
use stockade_domain::{
    ids::{AccountId, OrderId},
    money::Money,
    orders::{Fill, Hold, Order, Queue},
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::{
    stored::{COLUMNS, Stored, StoredFill},
    view::OrderView,
};

/// Whether an order may still fill, in the very words of the index `orders_open`.
const IS_OPEN: &str = "(status = 'pending_review' OR status = 'accepted' OR status = 'partially_filled')";

/// Puts a new order in; changes no row when its client's name is taken.
pub(super) fn insert(order: &Order) -> Query {
    let terms = &order.terms;
    let (reserved, reserved_fees, price_cap) = match order.hold {
        Hold::Cash {
            amount,
            fees,
            price_cap,
        } => (amount.minor(), fees.minor(), price_cap),
        Hold::Shares { quantity, .. } => (quantity.nanos(), 0, None),
    };
    let (queue, rank) = waits(order);
    // An order that its owner did not name is called by its id, which needs no index to be unique.
    let name = Some(order.client_order_id.as_str()).filter(|name| *name != order.id.to_string());
    sql("INSERT INTO orders (id, account_id, client_order_id, symbol, side, order_type, time_in_force, qty, notional,
             currency, limit_price, status, filled_qty, filled_amount, reserved, price_cap, submitted_at, filled_at,
             canceled_at, expired_at, updated_at, stop_price, reserved_fees, filled_fees, replaces, triggered_at,
             good_until, queue, queue_rank)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25, $26, $27, $28, $29)
         ON CONFLICT DO NOTHING")
    .bind(order.id)
    .bind(order.account)
    .bind(name)
    .bind(terms.symbol().as_str())
    .bind(terms.side().as_str())
    .bind(terms.order_type().as_str())
    .bind(terms.time_in_force().as_str())
    .bind(terms.qty())
    .bind(terms.notional().map(Money::minor))
    .bind(terms.currency().as_str())
    .bind(terms.limit_price())
    .bind(order.status.as_str())
    .bind(order.filled_qty)
    .bind(order.filled_amount.minor())
    .bind(reserved)
    .bind(price_cap)
    .bind(order.submitted_at)
    .bind(order.filled_at)
    .bind(order.canceled_at)
    .bind(order.expired_at)
    .bind(order.updated_at)
    .bind(terms.stop_price())
    .bind(reserved_fees)
    .bind(order.filled_fees.minor())
    .bind(order.replaces)
    .bind(order.triggered_at)
    .bind(order.good_until)
    .bind(queue)
    .bind(rank)
}

/// The columns that place an order in its queue.
fn waits(order: &Order) -> (Option<&'static str>, Option<i64>) {
    let waits = order.waits();
    (
        waits.map(|(queue, _)| queue.as_str()),
        waits.map(|(_, rank)| rank),
    )
}

/// Stores what has become of an order.
pub(super) fn update(on: &mut impl Writable, order: &Order) -> DbResult<()> {
    let (queue, rank) = waits(order);
    sql("UPDATE orders SET status = $2, filled_qty = $3, filled_amount = $4, filled_at = $5, canceled_at = $6,
             expired_at = $7, updated_at = $8, filled_fees = $10, replaced_by = $11, triggered_at = $12,
             good_until = $13, queue = $14, queue_rank = $15 WHERE account_id = $9 AND id = $1")
    .bind(order.id)
    .bind(order.status.as_str())
    .bind(order.filled_qty)
    .bind(order.filled_amount.minor())
    .bind(order.filled_at)
    .bind(order.canceled_at)
    .bind(order.expired_at)
    .bind(order.updated_at)
    .bind(order.account)
    .bind(order.filled_fees.minor())
    .bind(order.replaced_by)
    .bind(order.triggered_at)
    .bind(order.good_until)
    .bind(queue)
    .bind(rank)
    .later(on)
}

pub(super) fn insert_fill(on: &mut impl Writable, fill: &Fill) -> DbResult<()> {
    sql("INSERT INTO fills (order_id, id, qty, price, amount, fee, filled_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(fill.order)
        .bind(fill.id)
        .bind(fill.qty)
        .bind(fill.price)
        .bind(fill.amount.minor())
        .bind(fill.fee.minor())
        .bind(fill.at)
        .later(on)
}

/// An order of this account, locked until the unit ends.
pub(super) async fn lock(on: &mut impl Writable, account: AccountId, id: OrderId) -> DbResult<Option<Order>> {
    let found: Option<Stored> = sql(format!(
        "SELECT {COLUMNS} FROM orders WHERE account_id = $1 AND id = $2"
    ))
    .bind(account)
    .bind(id)
    .for_update()
    .optional(on)
    .await?;
    Ok(found.map(|stored| stored.0))
}

/// Which symbols have orders that wait. Each is found by a jump in the index, so the cost grows with the symbols, not
/// with the orders.
pub(super) async fn waiting_symbols(on: &mut impl Queryable) -> DbResult<Vec<Symbol>> {
    let found: Vec<WaitingSymbol> = sql("WITH RECURSIVE waiting (symbol) AS (
             SELECT (SELECT symbol FROM orders WHERE queue IS NOT NULL ORDER BY symbol LIMIT 1)
             UNION ALL
             SELECT (SELECT orders.symbol FROM orders
                     WHERE orders.queue IS NOT NULL AND orders.symbol > waiting.symbol
                     ORDER BY orders.symbol LIMIT 1)
             FROM waiting WHERE waiting.symbol IS NOT NULL)
         SELECT symbol FROM waiting WHERE symbol IS NOT NULL")
    .all(on)
    .await?;
    Ok(found.into_iter().map(|found| found.0).collect())
}

struct WaitingSymbol(Symbol);

impl FromRow for WaitingSymbol {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        row.parse().map(Self)
    }
}

/// Orders of a queue that a quote reaches, after rank and id, in price-time order.
pub(super) async fn reached(
    on: &mut impl Queryable,
    symbol: Symbol,
    queue: Queue,
    reached: i64,
    (rank, id): (i64, OrderId),
    most: i64,
) -> DbResult<Vec<Order>> {
    let found: Vec<Stored> = sql(format!(
        "SELECT {COLUMNS} FROM orders
         WHERE symbol = $1 AND queue = $2 AND queue_rank <= $3 AND (queue_rank, id) > ($4, $5)
         ORDER BY queue_rank, id LIMIT $6"
    ))
    .bind(symbol.as_str())
    .bind(queue.as_str())
    .bind(reached)
    .bind(rank)
    .bind(id)
    .bind(most)
    .all(on)
    .await?;
    Ok(found.into_iter().map(|stored| stored.0).collect())
}

/// Orders whose day was over at `now`.
pub(super) async fn over(on: &mut impl Queryable, now: Timestamp, most: i64) -> DbResult<Vec<Order>> {
    let found: Vec<Stored> = sql(format!(
        "SELECT {COLUMNS} FROM orders WHERE queue IS NOT NULL AND good_until <= $1 ORDER BY good_until LIMIT $2"
    ))
    .bind(now)
    .bind(most)
    .all(on)
    .await?;
    Ok(found.into_iter().map(|stored| stored.0).collect())
}

/// One order with its fills, which must exist.
pub(super) async fn view(on: &mut impl Queryable, account: AccountId, id: OrderId) -> DbResult<OrderView> {
    find(on, account, id).await?.ok_or(DbError::NoRow)
}

/// One order of this account with its fills.
pub(super) async fn find(
    on: &mut impl Queryable,
    account: AccountId,
    id: OrderId,
) -> DbResult<Option<OrderView>> {
    let found: Option<Stored> = sql(format!(
        "SELECT {COLUMNS} FROM orders WHERE account_id = $1 AND id = $2"
    ))
    .bind(account)
    .bind(id)
    .optional(on)
    .await?;
    let Some(Stored(order)) = found else {
        return Ok(None);
    };
    let fills = fills(on, &order).await?;
    Ok(Some(OrderView::new(&order, &fills)))
}

/// Which orders are looked for; nothing means all.
#[derive(Clone, Debug, Default)]
pub(super) struct Only {
    pub(super) symbol: Option<String>,
    pub(super) open: Option<bool>,
}

impl Only {
    /// Conditions after those of the account and the cursor; `$4` is the symbol.
    fn sql(&self) -> String {
        let symbol = self.symbol.as_ref().map_or("", |_| " AND symbol = $4");
        match self.open {
            None => symbol.to_owned(),
            Some(true) => format!("{symbol} AND {IS_OPEN}"),
            Some(false) => format!("{symbol} AND NOT {IS_OPEN}"),
        }
    }
}

/// Orders of this account before `cursor`, newest first, with their fills.
pub(super) async fn list(
    on: &mut impl Queryable,
    account: AccountId,
    only: &Only,
    cursor: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<OrderView>> {
    let mut query = sql(format!(
        "SELECT {COLUMNS} FROM orders WHERE account_id = $1 AND id < $2{} ORDER BY id DESC LIMIT $3",
        only.sql()
    ))
    .bind(account)
    .bind(cursor.unwrap_or(Uuid::max()))
    .bind(most);
    if let Some(symbol) = &only.symbol {
        query = query.bind(symbol.as_str());
    }
    let found: Vec<Stored> = query.all(on).await?;
    let mut views = Vec::with_capacity(found.len());
    for Stored(order) in found {
        let fills = fills(on, &order).await?;
        views.push(OrderView::new(&order, &fills));
    }
    Ok(views)
}

async fn fills(on: &mut impl Queryable, order: &Order) -> DbResult<Vec<Fill>> {
    if order.filled_qty.is_zero() {
        return Ok(Vec::new());
    }
    let rows: Vec<StoredFill> =
        sql("SELECT id, qty, price, amount, fee, filled_at FROM fills WHERE order_id = $1 ORDER BY id")
            .bind(order.id)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|stored| stored.fill(order)).collect())
}

/// Open orders in a security after one, in the order they came.
pub(super) async fn open_in(
    on: &mut impl Queryable,
    symbol: Symbol,
    after: OrderId,
    most: i64,
) -> DbResult<Vec<(AccountId, OrderId)>> {
    sql(format!(
        "SELECT account_id, id FROM orders WHERE symbol = $1 AND {IS_OPEN} AND id > $2 ORDER BY id LIMIT $3"
    ))
    .bind(symbol.as_str())
    .bind(after)
    .bind(most)
    .all(on)
    .await
}
