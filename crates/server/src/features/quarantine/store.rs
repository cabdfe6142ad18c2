//! The only SQL that names `notable_transactions` and `transaction_approvals`.

use jiff::Timestamp;
use serde_json::Value;
use stockade_domain::{
    currency::Currency,
    ids::{AccountId, UserId},
    money::Money,
    risk::Operation,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::view::{Approval, Note, ReviewView};
use crate::features::risk::first_id_at;

/// Something unusual that is to be stored.
pub(super) struct Notable {
    pub(super) id: Uuid,
    pub(super) owner: UserId,
    pub(super) account: AccountId,
    pub(super) operation: Operation,
    pub(super) amount: Option<Money>,
    /// In thousandths.
    pub(super) score: i64,
    /// What its owner may know.
    pub(super) risk: Value,
    pub(super) noted_at: Timestamp,
    /// Until when it is held, and how many must approve it; nothing when it passed.
    pub(super) review: Option<(Timestamp, i64)>,
}

impl Notable {
    pub(super) fn note(self) -> Note {
        let review = self
            .review
            .map(|(until, _)| ReviewView::opened(until, &self.risk));
        Note {
            risk: self.risk,
            review,
        }
    }
}

/// Where something that was held stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// It waits for an analyst.
    Open,
    /// It was let through.
    Approved,
    /// It was stopped.
    Rejected,
    /// Its owner took it back.
    Canceled,
    /// Nobody decided in time.
    Expired,
}

impl HeldState {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    fn read(text: &str) -> DbResult<Self> {
        [
            Self::Open,
            Self::Approved,
            Self::Rejected,
            Self::Canceled,
            Self::Expired,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| DbError::Fault(format!("{text} is no state of what is held")))
    }
}

/// A row as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub(super) id: Uuid,
    pub(super) owner: UserId,
    pub(super) account: AccountId,
    pub(super) operation: Operation,
    pub(super) amount: Option<Money>,
    pub(super) score: i64,
    pub(super) risk: Value,
    pub(super) noted_at: Timestamp,
    pub(super) state: Option<HeldState>,
    pub(super) approvals_needed: i64,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) answered_at: Option<Timestamp>,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) closed_by: Option<Uuid>,
}

impl Stored {
    /// Whose it is.
    pub fn owner(&self) -> UserId {
        self.owner
    }

    /// The owner's account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which kind.
    pub fn operation(&self) -> Operation {
        self.operation
    }
}

const SELECT: &str =
    "SELECT id, owner_id, account_id, operation, amount, currency, score, risk, noted_at, state,
    approvals_needed, expires_at, answered_at, closed_at, closed_by FROM notable_transactions";

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, owner, account) = (row.read()?, row.read()?, row.read()?);
        let (operation, minor): (String, Option<i64>) = (row.read()?, row.read()?);
        let currency: Currency = row.parse()?;
        let (score, risk): (i64, String) = (row.read()?, row.read()?);
        let risk = serde_json::from_str(&risk)
            .map_err(|_| DbError::Fault(format!("what is told of {id} is no JSON")))?;
        let noted_at = row.read()?;
        let state: Option<String> = row.read()?;
        Ok(Self {
            id,
            owner,
            account,
            operation: operation_of(&operation)?,
            amount: minor.map(|minor| Money::new(minor, currency)),
            score,
            risk,
            noted_at,
            state: state.as_deref().map(HeldState::read).transpose()?,
            approvals_needed: row.read()?,
            expires_at: row.read()?,
            answered_at: row.read()?,
            closed_at: row.read()?,
            closed_by: row.read()?,
        })
    }
}

fn operation_of(text: &str) -> DbResult<Operation> {
    [
        Operation::Order,
        Operation::Withdrawal,
        Operation::Transfer,
        Operation::Payee,
    ]
    .into_iter()
    .find(|operation| operation.as_str() == text)
    .ok_or_else(|| DbError::Fault(format!("{text} is no operation")))
}

pub(super) fn insert(on: &mut impl Writable, notable: &Notable) -> DbResult<()> {
    let currency = notable.amount.map_or(Currency::Usd, Money::currency);
    sql(
        "INSERT INTO notable_transactions (id, owner_id, account_id, operation, amount, currency, score, risk, noted_at,
             state, approvals_needed, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(notable.id)
    .bind(notable.owner)
    .bind(notable.account)
    .bind(notable.operation.as_str())
    .bind(notable.amount.map(Money::minor))
    .bind(currency.as_str())
    .bind(notable.score)
    .bind(notable.risk.to_string())
    .bind(notable.noted_at)
    .bind(notable.review.map(|_| HeldState::Open.as_str()))
    .bind(notable.review.map_or(0, |(_, needed)| needed))
    .bind(notable.review.map(|(until, _)| until))
    .later(on)
}

/// One of anybody's, for the desk.
pub async fn one(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<Stored>> {
    sql(format!("{SELECT} WHERE id = $1")).bind(id).optional(on).await
}

/// The same, locked until the unit ends.
pub(super) async fn lock(on: &mut impl Writable, id: Uuid) -> DbResult<Option<Stored>> {
    sql(format!("{SELECT} WHERE id = $1"))
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// One that is this person's.
pub(super) async fn lock_own(on: &mut impl Writable, owner: UserId, id: Uuid) -> DbResult<Option<Stored>> {
    sql(format!("{SELECT} WHERE owner_id = $1 AND id = $2"))
        .bind(owner)
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// This person's, with ids from the first to the last.
pub(super) async fn of_owner(
    on: &mut impl Queryable,
    owner: UserId,
    (first, last): (Uuid, Uuid),
) -> DbResult<Vec<Stored>> {
    sql(format!("{SELECT} WHERE owner_id = $1 AND id >= $2 AND id <= $3"))
        .bind(owner)
        .bind(first)
        .bind(last)
        .all(on)
        .await
}

/// Closes what is open.
pub(super) fn close(
    on: &mut impl Writable,
    id: Uuid,
    state: HeldState,
    by: Option<UserId>,
    now: Timestamp,
) -> DbResult<()> {
    sql("UPDATE notable_transactions SET state = $2, closed_at = $3, closed_by = $4 WHERE id = $1 AND state = 'open'")
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .bind(by)
        .later(on)
}

/// Its owner says that it was them.
pub(super) fn set_answered(on: &mut impl Writable, owner: UserId, id: Uuid, now: Timestamp) -> DbResult<()> {
    sql("UPDATE notable_transactions SET answered_at = $3 WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .bind(now)
        .later(on)
}

/// Counts an approval; false when this analyst has approved before.
pub(super) async fn insert_approval(
    on: &mut impl Writable,
    id: Uuid,
    analyst: UserId,
    now: Timestamp,
) -> DbResult<bool> {
    let inserted = sql(
        "INSERT INTO transaction_approvals (transaction_id, analyst_id, approved_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(analyst)
    .bind(now)
    .run(on)
    .await?;
    Ok(inserted == 1)
}

/// Who approved something, in their order.
pub async fn approvals_of(on: &mut impl Queryable, id: Uuid) -> DbResult<Vec<Approval>> {
    let found: Vec<(Uuid, Timestamp)> = sql(
        "SELECT analyst_id, approved_at FROM transaction_approvals WHERE transaction_id = $1
         ORDER BY approved_at, analyst_id",
    )
    .bind(id)
    .all(on)
    .await?;
    Ok(found.into_iter().map(|(by, at)| Approval { by, at }).collect())
}

/// What is held and over, the longest overdue first.
pub(super) async fn due(on: &mut impl Queryable, now: Timestamp, most: i64) -> DbResult<Vec<Uuid>> {
    sql("SELECT id FROM notable_transactions WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2")
        .bind(now)
        .bind(most)
        .all(on)
        .await
}

/// How many wait.
pub async fn count_open(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM notable_transactions WHERE state = 'open'")
        .one(on)
        .await
}

/// Which transactions the desk looks for.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// In this state; nothing means all, held or not.
    pub state: Option<HeldState>,
    /// With this score or a higher one, in thousandths.
    pub score: Option<i64>,
    /// Of this person.
    pub owner: Option<UserId>,
    /// `order`, `withdrawal` or `payee`.
    pub operation: Option<Operation>,
    /// Asked for at this time or later.
    pub from: Option<Timestamp>,
    /// Asked for before this time.
    pub to: Option<Timestamp>,
    /// Older than this one.
    pub before: Option<Uuid>,
}

/// What the desk looks for, newest first. Ids begin with the time, so the index that gives the order serves stretches of time,
/// too.
pub async fn list(on: &mut impl Queryable, only: &Only, most: i64) -> DbResult<Vec<Stored>> {
    let until = only.to.map_or(Uuid::max(), first_id_at);
    let before = only.before.map_or(until, |before| before.min(until));
    let mut conditions = vec![
        "id < $1".to_owned(),
        "score >= $2".to_owned(),
        "id >= $4".to_owned(),
    ];
    let mut texts: Vec<&'static str> = Vec::new();
    if let Some(state) = only.state {
        texts.push(state.as_str());
        conditions.push(format!("state = ${}", 4 + texts.len()));
    }
    if let Some(operation) = only.operation {
        texts.push(operation.as_str());
        conditions.push(format!("operation = ${}", 4 + texts.len()));
    }
    if only.owner.is_some() {
        conditions.push(format!("owner_id = ${}", 5 + texts.len()));
    }
    let conditions = conditions.join(" AND ");
    let mut query = sql(format!("{SELECT} WHERE {conditions} ORDER BY id DESC LIMIT $3"))
        .bind(before)
        .bind(only.score.unwrap_or(0))
        .bind(most)
        .bind(only.from.map_or(Uuid::nil(), first_id_at));
    for text in texts {
        query = query.bind(text);
    }
    if let Some(owner) = only.owner {
        query = query.bind(owner);
    }
    query.all(on).await
}

pub(super) fn delete_all(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    for statement in [
        "DELETE FROM transaction_approvals WHERE transaction_id IN
             (SELECT id FROM notable_transactions WHERE owner_id = $1)",
        "DELETE FROM notable_transactions WHERE owner_id = $1",
    ] {
        sql(statement).bind(owner).later(on)?;
    }
    Ok(())
}
