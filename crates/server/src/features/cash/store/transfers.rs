//! `transfers`: deposits and withdrawals.

use jiff::Timestamp;
use stockade_domain::{
    currency::Currency,
    ids::{AccountId, TransferId},
    money::Money,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::{
    db::{DbResult, FromRow, Queryable, Row, Writable, sql},
    random,
};
use uuid::Uuid;

use crate::features::cash::transfer::Transfer;

const SELECT: &str =
    "SELECT id, account_id, kind, status, amount, currency, payee_id, created_at, updated_at, due_at,
    held_until, failure FROM transfers";

impl FromRow for Transfer {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, account) = (row.read()?, row.read()?);
        let (kind, status, minor) = (row.parse()?, row.parse()?, row.read()?);
        let currency: Currency = row.parse()?;
        let (payee, created_at) = (row.read()?, row.read()?);
        Ok(Self {
            id,
            account,
            kind,
            status,
            amount: Money::new(minor, currency),
            payee,
            created_at,
            updated_at: row.read::<Option<Timestamp>>()?.unwrap_or(created_at),
            due_at: row.read()?,
            held_until: row.read()?,
            failure: row.read()?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, transfer: &Transfer) -> DbResult<()> {
    sql(
        "INSERT INTO transfers (id, account_id, kind, status, amount, currency, payee_id, created_at, updated_at, due_at,
             held_until, failure)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(transfer.id)
    .bind(transfer.account)
    .bind(transfer.kind.as_str())
    .bind(transfer.status.as_str())
    .bind(transfer.amount.minor())
    .bind(transfer.amount.currency().as_str())
    .bind(transfer.payee)
    .bind(transfer.created_at)
    .bind(transfer.updated_at)
    .bind(transfer.due_at)
    .bind(transfer.held_until)
    .bind(transfer.failure.as_deref())
    .later(on)
}

/// Stores what has become of a transfer.
pub(crate) fn update(on: &mut impl Writable, transfer: &Transfer) -> DbResult<()> {
    sql(
        "UPDATE transfers SET status = $3, updated_at = $4, due_at = $5, held_until = $6, failure = $7
         WHERE account_id = $1 AND id = $2",
    )
    .bind(transfer.account)
    .bind(transfer.id)
    .bind(transfer.status.as_str())
    .bind(transfer.updated_at)
    .bind(transfer.due_at)
    .bind(transfer.held_until)
    .bind(transfer.failure.as_deref())
    .later(on)
}

pub(crate) async fn one(
    on: &mut impl Queryable,
    account: AccountId,
    id: TransferId,
) -> DbResult<Option<Transfer>> {
    sql(format!("{SELECT} WHERE account_id = $1 AND id = $2"))
        .bind(account)
        .bind(id)
        .optional(on)
        .await
}

/// A transfer of this account, locked until the unit ends.
pub(crate) async fn lock(
    on: &mut impl Writable,
    account: AccountId,
    id: TransferId,
) -> DbResult<Option<Transfer>> {
    sql(format!("{SELECT} WHERE account_id = $1 AND id = $2"))
        .bind(account)
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// Transfers whose turn at the bank has come, the longest waiting first.
pub(crate) async fn due(on: &mut impl Queryable, now: Timestamp, most: i64) -> DbResult<Vec<Transfer>> {
    sql(format!(
        "{SELECT} WHERE status = 'pending' AND due_at <= $1 ORDER BY due_at LIMIT $2"
    ))
    .bind(now)
    .bind(most)
    .all(on)
    .await
}

/// Which transfers are looked for; nothing means all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Only {
    pub(crate) kind: Option<TransferKind>,
    pub(crate) status: Option<TransferStatus>,
    /// Asked for then or later.
    pub(crate) from: Option<Timestamp>,
    /// Asked for before then.
    pub(crate) to: Option<Timestamp>,
    pub(crate) before: Option<TransferId>,
}

/// Newest first. Times become bounds on the ids, which begin with the time (RFC 9562 §5.7), so that the index serves.
pub(crate) async fn list(
    on: &mut impl Queryable,
    account: AccountId,
    only: &Only,
    most: i64,
) -> DbResult<Vec<Transfer>> {
    let to = only.to.map(first_id_at);
    let before = only.before.map(TransferId::as_uuid);
    let below = [to, before].into_iter().flatten().min().unwrap_or(Uuid::max());
    let kind = if only.kind.is_some() { "AND kind = $5" } else { "" };
    let status = match (only.status.is_some(), only.kind.is_some()) {
        (false, _) => "",
        (true, false) => "AND status = $5",
        (true, true) => "AND status = $6",
    };
    let mut query = sql(format!(
        "{SELECT} WHERE account_id = $1 AND id < $2 AND id >= $3 {kind} {status} ORDER BY id DESC LIMIT $4"
    ))
    .bind(account)
    .bind(below)
    .bind(only.from.map_or(Uuid::nil(), first_id_at))
    .bind(most);
    if let Some(kind) = only.kind {
        query = query.bind(kind.as_str());
    }
    if let Some(status) = only.status {
        query = query.bind(status.as_str());
    }
    query.all(on).await
}

/// No id made at this millisecond or later is smaller.
fn first_id_at(at: Timestamp) -> Uuid {
    let time = u128::from_be_bytes(random::uuid_v7(at).into_bytes()) >> 80 << 80;
    Uuid::from_u128(time)
}
