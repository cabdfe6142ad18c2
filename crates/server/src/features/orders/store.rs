//! The only SQL that names `orders` and `fills`.

use stockade_domain::{
    currency::Currency,
    ids::{AccountId, OrderId},
    money::Money,
    orders::{Fill, Hold, Order, OrderParts, OrderRecord, OrderTerms, Side},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::view::OrderView;

/// Puts a new order in; changes no row when its client's name is taken.
pub(super) fn insert(order: &Order) -> Query {
    let terms = &order.terms;
    let (reserved, price_cap) = match order.hold {
        Hold::Cash { amount, price_cap } => (amount.minor(), price_cap),
        Hold::Shares { quantity, .. } => (quantity.nanos(), None),
    };
    // An order that its owner did not name is called by its id, which needs no index to be unique.
    let name = Some(order.client_order_id.as_str()).filter(|name| *name != order.id.to_string());
    sql("INSERT INTO orders (id, account_id, client_order_id, symbol, side, order_type, time_in_force, qty, notional,
             currency, limit_price, status, filled_qty, filled_amount, reserved, price_cap, submitted_at, filled_at,
             canceled_at, expired_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
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
}

/// Stores what has become of an order.
pub(super) fn update(on: &mut impl Writable, order: &Order) -> DbResult<()> {
    sql("UPDATE orders SET status = $2, filled_qty = $3, filled_amount = $4, filled_at = $5, canceled_at = $6,
             expired_at = $7, updated_at = $8 WHERE account_id = $9 AND id = $1")
    .bind(order.id)
    .bind(order.status.as_str())
    .bind(order.filled_qty)
    .bind(order.filled_amount.minor())
    .bind(order.filled_at)
    .bind(order.canceled_at)
    .bind(order.expired_at)
    .bind(order.updated_at)
    .bind(order.account)
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

const COLUMNS: &str =
    "SELECT id, account_id, client_order_id, symbol, side, order_type, time_in_force, qty, notional,
    currency, limit_price, status, filled_qty, filled_amount, reserved, price_cap, submitted_at, filled_at,
    canceled_at, expired_at, updated_at FROM orders";

struct Stored(Order);

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, account): (OrderId, AccountId) = (row.read()?, row.read()?);
        let name: Option<String> = row.read()?;
        let client_order_id = match name {
            Some(name) => name.parse().map_err(|error| broken(id, &error))?,
            None => id.into(),
        };
        let symbol: Symbol = row.parse()?;
        let (side, order_type, time_in_force) = (row.parse()?, row.parse()?, row.parse()?);
        let (qty, notional): (Option<Quantity>, Option<i64>) = (row.read()?, row.read()?);
        let currency: Currency = row.parse()?;
        let notional = notional.map(|minor| Money::new(minor, currency));
        let limit_price = row.read()?;
        let parts = OrderParts {
            symbol,
            currency,
            side,
            order_type,
            time_in_force,
            qty,
            notional,
            limit_price,
        };
        let terms = OrderTerms::new(parts).map_err(|error| broken(id, &error))?;
        let (status, filled_qty, filled_amount) =
            (row.parse()?, row.read()?, Money::new(row.read()?, currency));
        let (reserved, price_cap): (i64, Option<Price>) = (row.read()?, row.read()?);
        let hold = match side {
            Side::Buy => Hold::Cash {
                amount: Money::new(reserved, currency),
                price_cap,
            },
            Side::Sell => Hold::Shares {
                symbol,
                quantity: Quantity::from_nanos(reserved),
            },
        };
        let record = OrderRecord {
            id,
            account,
            client_order_id,
            terms,
            hold,
            status,
            filled_qty,
            filled_amount,
            submitted_at: row.read()?,
            filled_at: row.read()?,
            canceled_at: row.read()?,
            expired_at: row.read()?,
            updated_at: row.read()?,
        };
        Order::restore(record)
            .map(Self)
            .map_err(|error| broken(id, &error))
    }
}

fn broken(id: OrderId, error: &dyn std::fmt::Display) -> DbError {
    DbError::Fault(format!("order {id} as stored: {error}"))
}

/// An order of this account, locked until the unit ends.
pub(super) async fn lock(on: &mut impl Writable, account: AccountId, id: OrderId) -> DbResult<Option<Order>> {
    let found: Option<Stored> = sql(format!("{COLUMNS} WHERE account_id = $1 AND id = $2"))
        .bind(account)
        .bind(id)
        .for_update()
        .optional(on)
        .await?;
    Ok(found.map(|stored| stored.0))
}

/// Orders that wait for the market, after `last`, in the order they came.
pub(super) async fn resting(on: &mut impl Queryable, last: OrderId, most: i64) -> DbResult<Vec<Order>> {
    let found: Vec<Stored> = sql(format!(
        "{COLUMNS} WHERE status IN ('accepted', 'partially_filled') AND id > $1 ORDER BY id LIMIT $2"
    ))
    .bind(last)
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
    let found: Option<Stored> = sql(format!("{COLUMNS} WHERE account_id = $1 AND id = $2"))
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
    fn sql(&self) -> &'static str {
        match (&self.symbol, self.open) {
            (None, None) => "",
            (None, Some(true)) => "AND status IN ('pending_review', 'accepted', 'partially_filled')",
            (None, Some(false)) => "AND status NOT IN ('pending_review', 'accepted', 'partially_filled')",
            (Some(_), None) => "AND symbol = $4",
            (Some(_), Some(true)) => {
                "AND symbol = $4 AND status IN ('pending_review', 'accepted', 'partially_filled')"
            }
            (Some(_), Some(false)) => {
                "AND symbol = $4 AND status NOT IN ('pending_review', 'accepted', 'partially_filled')"
            }
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
        "{COLUMNS} WHERE account_id = $1 AND id < $2 {} ORDER BY id DESC LIMIT $3",
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

struct StoredFill {
    id: Uuid,
    qty: Quantity,
    price: Price,
    amount: i64,
    fee: i64,
    at: jiff::Timestamp,
}

impl FromRow for StoredFill {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            qty: row.read()?,
            price: row.read()?,
            amount: row.read()?,
            fee: row.read()?,
            at: row.read()?,
        })
    }
}

impl StoredFill {
    fn fill(self, order: &Order) -> Fill {
        let currency = order.terms.currency();
        Fill {
            id: stockade_domain::ids::FillId::from_uuid(self.id),
            order: order.id,
            qty: self.qty,
            price: self.price,
            amount: Money::new(self.amount, currency),
            fee: Money::new(self.fee, currency),
            at: self.at,
        }
    }
}
