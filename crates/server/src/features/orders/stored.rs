//! Reading an order and its fills from their rows. A row that contradicts itself is a fault, never an order.

use stockade_domain::{
    currency::Currency,
    ids::{AccountId, FillId, OrderId},
    money::Money,
    orders::{Fill, Hold, Order, OrderParts, OrderRecord, OrderTerms, Side},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Row};
use uuid::Uuid;

/// The columns of an order, in the order in which they are read.
pub(super) const COLUMNS: &str = "id, account_id, client_order_id, symbol, side, order_type, time_in_force, qty,
    notional, currency, limit_price, stop_price, status, filled_qty, filled_amount, filled_fees, reserved, price_cap,
    reserved_fees, replaces, replaced_by, submitted_at, triggered_at, good_until, filled_at, canceled_at, expired_at,
    updated_at";

/// An order as it is stored.
pub(super) struct Stored(pub(super) Order);

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, account): (OrderId, AccountId) = (row.read()?, row.read()?);
        let name: Option<String> = row.read()?;
        let client_order_id = match name {
            Some(name) => name.parse().map_err(|error| broken(id, &error))?,
            None => id.into(),
        };
        let terms = terms(row)?;
        let terms = OrderTerms::new(terms).map_err(|error| broken(id, &error))?;
        let money = |minor| Money::new(minor, terms.currency());
        let record = OrderRecord {
            id,
            account,
            client_order_id,
            terms,
            status: row.parse()?,
            filled_qty: row.read()?,
            filled_amount: money(row.read()?),
            filled_fees: money(row.read()?),
            hold: hold(row, &terms)?,
            replaces: row.read()?,
            replaced_by: row.read()?,
            submitted_at: row.read()?,
            triggered_at: row.read()?,
            good_until: row.read()?,
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

fn terms(row: &mut Row<'_>) -> DbResult<OrderParts> {
    let symbol: Symbol = row.parse()?;
    let (side, order_type, time_in_force) = (row.parse()?, row.parse()?, row.parse()?);
    let (qty, notional): (Option<Quantity>, Option<i64>) = (row.read()?, row.read()?);
    let currency: Currency = row.parse()?;
    Ok(OrderParts {
        symbol,
        currency,
        side,
        order_type,
        time_in_force,
        qty,
        notional: notional.map(|minor| Money::new(minor, currency)),
        limit_price: row.read()?,
        stop_price: row.read()?,
    })
}

fn hold(row: &mut Row<'_>, terms: &OrderTerms) -> DbResult<Hold> {
    let (reserved, price_cap, fees): (i64, Option<Price>, i64) = (row.read()?, row.read()?, row.read()?);
    let money = |minor| Money::new(minor, terms.currency());
    Ok(match terms.side() {
        Side::Buy => Hold::Cash {
            amount: money(reserved),
            fees: money(fees),
            price_cap,
        },
        Side::Sell => Hold::Shares {
            symbol: terms.symbol(),
            quantity: Quantity::from_nanos(reserved),
        },
    })
}

fn broken(id: OrderId, error: &dyn std::fmt::Display) -> DbError {
    DbError::Fault(format!("order {id} as stored: {error}"))
}

/// A fill as it is stored.
pub(super) struct StoredFill {
    id: FillId,
    qty: Quantity,
    price: Price,
    amount: i64,
    fee: i64,
    at: jiff::Timestamp,
}

impl FromRow for StoredFill {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: FillId::from_uuid(row.read::<Uuid>()?),
            qty: row.read()?,
            price: row.read()?,
            amount: row.read()?,
            fee: row.read()?,
            at: row.read()?,
        })
    }
}

impl StoredFill {
    /// The fill, which is one of this order's.
    pub(super) fn fill(self, order: &Order) -> Fill {
        let currency = order.terms.currency();
        Fill {
            id: self.id,
            order: order.id,
            qty: self.qty,
            price: self.price,
            amount: Money::new(self.amount, currency),
            fee: Money::new(self.fee, currency),
            at: self.at,
        }
    }
}
