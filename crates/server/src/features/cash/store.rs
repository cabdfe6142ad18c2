//! The only SQL that names `transfers`.

use jiff::Timestamp;
use stockade_domain::{
    currency::Currency,
    ids::{AccountId, TransferId},
    money::Money,
};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A deposit or withdrawal.
pub(super) struct Transfer {
    pub(super) id: TransferId,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) amount: Money,
    pub(super) created_at: Timestamp,
}

impl FromRow for Transfer {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, kind, status, minor) = (row.read()?, row.read()?, row.read()?, row.read()?);
        let currency: Currency = row.parse()?;
        Ok(Self {
            id,
            kind,
            status,
            amount: Money::new(minor, currency),
            created_at: row.read()?,
        })
    }
}

pub(super) fn insert(on: &mut impl Writable, account: AccountId, transfer: &Transfer) -> DbResult<()> {
    sql(
        "INSERT INTO transfers (id, account_id, kind, status, amount, currency, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(transfer.id)
    .bind(account)
    .bind(transfer.kind.as_str())
    .bind(transfer.status.as_str())
    .bind(transfer.amount.minor())
    .bind(transfer.amount.currency().as_str())
    .bind(transfer.created_at)
    .later(on)
}

pub(super) async fn one(on: &mut impl Queryable, account: AccountId, id: Uuid) -> DbResult<Option<Transfer>> {
    sql("SELECT id, kind, status, amount, currency, created_at FROM transfers WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .optional(on)
        .await
}

/// Newest first, before `cursor`.
pub(super) async fn list(
    on: &mut impl Queryable,
    account: AccountId,
    cursor: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<Transfer>> {
    sql(
        "SELECT id, kind, status, amount, currency, created_at FROM transfers
         WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(account)
    .bind(cursor.unwrap_or(Uuid::max()))
    .bind(most)
    .all(on)
    .await
}
