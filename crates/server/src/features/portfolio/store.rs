//! The only SQL that names `lots`, `lot_closings`, `positions` and `lot_methods`.

use jiff::Timestamp;
use stockade_domain::{
    currency::Currency,
    ids::{AccountId, LotId},
    lots::{Averaged, Closing, Lot, LotMethod},
    money::Money,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A position as it is stored.
pub(super) struct StoredPosition {
    pub(super) symbol: Symbol,
    pub(super) quantity: Quantity,
    pub(super) cost_basis: i64,
    pub(super) realized: i64,
}

impl FromRow for StoredPosition {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            symbol: row.parse()?,
            quantity: row.read()?,
            cost_basis: row.read()?,
            realized: row.read()?,
        })
    }
}

pub(super) async fn positions(on: &mut impl Queryable, account: AccountId) -> DbResult<Vec<StoredPosition>> {
    sql("SELECT symbol, quantity, cost_basis, realized FROM positions WHERE account_id = $1 ORDER BY symbol")
        .bind(account)
        .all(on)
        .await
}

/// Adds to a position what a trade changed. Its account's balances are locked already.
pub(super) fn move_position(
    on: &mut impl Writable,
    account: AccountId,
    symbol: Symbol,
    quantity: i64,
    cost_basis: i64,
    realized: i64,
) -> DbResult<()> {
    sql("INSERT INTO positions (account_id, symbol, quantity, cost_basis, realized) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, symbol) DO UPDATE SET
             quantity = positions.quantity + excluded.quantity,
             cost_basis = positions.cost_basis + excluded.cost_basis,
             realized = positions.realized + excluded.realized")
    .bind(account)
    .bind(symbol.as_str())
    .bind(quantity)
    .bind(cost_basis)
    .bind(realized)
    .in_any_place()
    .later(on)
}

pub(super) fn insert_lot(on: &mut impl Writable, account: AccountId, lot: &Lot) -> DbResult<()> {
    sql(
        "INSERT INTO lots (account_id, symbol, id, opened_at, quantity, remaining, cost, cost_remaining)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(account)
    .bind(lot.symbol.as_str())
    .bind(lot.id)
    .bind(lot.opened_at)
    .bind(lot.quantity)
    .bind(lot.remaining)
    .bind(lot.cost.minor())
    .bind(lot.cost_remaining.minor())
    .later(on)
}

/// Open lots, and how the account's are closed if its owner has chosen.
pub(super) struct OpenLots {
    pub(super) method: Option<LotMethod>,
    pub(super) lots: Vec<Lot>,
}

/// Open lots after `last`, oldest first. The method comes with them, so that a sale needs no question more.
pub(super) async fn open_lots(
    on: &mut impl Queryable,
    account: AccountId,
    currency: Currency,
    symbol: Symbol,
    last: LotId,
    most: i64,
) -> DbResult<OpenLots> {
    let rows: Vec<StoredLot> = sql("SELECT id, opened_at, quantity, remaining, cost, cost_remaining,
             (SELECT method FROM lot_methods WHERE account_id = $1) FROM lots
         WHERE account_id = $1 AND symbol = $2 AND id > $3 ORDER BY id LIMIT $4")
    .bind(account)
    .bind(symbol.as_str())
    .bind(last)
    .bind(most)
    .all(on)
    .await?;
    let method = rows.first().and_then(|row| row.method.as_deref());
    Ok(OpenLots {
        method: method.map(read_method).transpose()?,
        lots: rows
            .into_iter()
            .map(|stored| stored.lot(symbol, currency))
            .collect(),
    })
}

fn read_method(word: &str) -> DbResult<LotMethod> {
    word.parse()
        .map_err(|error| DbError::Fault(format!("a lot method as stored: {error}")))
}

/// How the account's lots are closed, if its owner has chosen.
pub(super) async fn method(on: &mut impl Queryable, account: AccountId) -> DbResult<Option<LotMethod>> {
    let word: Option<String> = sql("SELECT method FROM lot_methods WHERE account_id = $1")
        .bind(account)
        .optional(on)
        .await?;
    word.as_deref().map(read_method).transpose()
}

pub(super) fn set_method(
    on: &mut impl Writable,
    account: AccountId,
    method: LotMethod,
    at: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO lot_methods (account_id, method, chosen_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET method = excluded.method, chosen_at = excluded.chosen_at",
    )
    .bind(account)
    .bind(method.as_str())
    .bind(at)
    .later(on)
}

/// Gives the shares left in a lot another cost.
pub(super) fn recost_lot(
    on: &mut impl Writable,
    account: AccountId,
    symbol: Symbol,
    averaged: &Averaged,
) -> DbResult<()> {
    sql("UPDATE lots SET cost_remaining = $4 WHERE account_id = $1 AND symbol = $2 AND id = $3")
        .bind(account)
        .bind(symbol.as_str())
        .bind(averaged.lot)
        .bind(averaged.cost_remaining.minor())
        .later(on)
}

struct StoredLot {
    id: Uuid,
    opened_at: Timestamp,
    quantity: Quantity,
    remaining: Quantity,
    cost: i64,
    cost_remaining: i64,
    method: Option<String>,
}

impl FromRow for StoredLot {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            opened_at: row.read()?,
            quantity: row.read()?,
            remaining: row.read()?,
            cost: row.read()?,
            cost_remaining: row.read()?,
            method: row.read()?,
        })
    }
}

impl StoredLot {
    fn lot(self, symbol: Symbol, currency: Currency) -> Lot {
        Lot {
            id: LotId::from_uuid(self.id),
            symbol,
            opened_at: self.opened_at,
            quantity: self.quantity,
            remaining: self.remaining,
            cost: Money::new(self.cost, currency),
            cost_remaining: Money::new(self.cost_remaining, currency),
        }
    }
}

/// Takes sold shares out of their lot and keeps what became of them.
pub(super) fn close_lot(
    on: &mut impl Writable,
    account: AccountId,
    lot: &Lot,
    closing: &Closing,
    id: Uuid,
    at: Timestamp,
) -> DbResult<()> {
    if closing.remaining.is_zero() {
        delete_lot(on, account, lot)?;
    } else {
        sql("UPDATE lots SET remaining = $4, cost_remaining = $5 WHERE account_id = $1 AND symbol = $2 AND id = $3")
            .bind(account)
            .bind(lot.symbol.as_str())
            .bind(lot.id)
            .bind(closing.remaining)
            .bind(closing.cost_remaining.minor())
            .later(on)?;
    }
    sql(
        "INSERT INTO lot_closings (account_id, symbol, id, lot_id, opened_at, closed_at, quantity, basis, proceeds)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(account)
    .bind(lot.symbol.as_str())
    .bind(id)
    .bind(lot.id)
    .bind(lot.opened_at)
    .bind(at)
    .bind(closing.quantity)
    .bind(closing.basis.minor())
    .bind(closing.proceeds.minor())
    .later(on)
}

/// What sales of each security earned between two instants, in minor units.
pub(super) async fn realized_between(
    on: &mut impl Queryable,
    account: AccountId,
    from: Timestamp,
    before: Timestamp,
) -> DbResult<Vec<(Symbol, i64)>> {
    let found: Vec<(String, i64)> = sql(
        "SELECT symbol, CAST(SUM(proceeds - basis) AS BIGINT) FROM lot_closings
         WHERE account_id = $1 AND closed_at >= $2 AND closed_at < $3 GROUP BY symbol ORDER BY symbol",
    )
    .bind(account)
    .bind(from)
    .bind(before)
    .all(on)
    .await?;
    let parse = |(symbol, minor): (String, i64)| match symbol.parse() {
        Ok(symbol) => Ok((symbol, minor)),
        Err(error) => Err(DbError::Fault(format!("a lot's symbol as stored: {error}"))),
    };
    found.into_iter().map(parse).collect()
}

/// Accounts after one that hold a security, or once did.
pub(super) async fn holders(
    on: &mut impl Queryable,
    symbol: Symbol,
    after: AccountId,
    most: i64,
) -> DbResult<Vec<AccountId>> {
    sql(
        "SELECT account_id FROM positions WHERE symbol = $1 AND account_id > $2 AND quantity >= 0
         ORDER BY account_id LIMIT $3",
    )
    .bind(symbol.as_str())
    .bind(after)
    .bind(most)
    .all(on)
    .await
}

/// Writes what a split made of a lot.
pub(super) fn resize_lot(on: &mut impl Writable, account: AccountId, lot: &Lot) -> DbResult<()> {
    sql(
        "UPDATE lots SET quantity = $4, remaining = $5, cost_remaining = $6
         WHERE account_id = $1 AND symbol = $2 AND id = $3",
    )
    .bind(account)
    .bind(lot.symbol.as_str())
    .bind(lot.id)
    .bind(lot.quantity)
    .bind(lot.remaining)
    .bind(lot.cost_remaining.minor())
    .later(on)
}

/// Removes a lot that holds nothing any more.
pub(super) fn delete_lot(on: &mut impl Writable, account: AccountId, lot: &Lot) -> DbResult<()> {
    sql("DELETE FROM lots WHERE account_id = $1 AND symbol = $2 AND id = $3")
        .bind(account)
        .bind(lot.symbol.as_str())
        .bind(lot.id)
        .later(on)
}
