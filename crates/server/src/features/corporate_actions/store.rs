//! The only SQL that names `corporate_actions` and `corporate_action_effects`.

use std::collections::HashSet;

use jiff::Timestamp;
use stockade_domain::{
    corporate_actions::{Ratio, Terms},
    ids::AccountId,
    price::Price,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::Action;
use crate::features::{market::Split, portfolio::ActionEffect};

/// The word for what an action is.
pub(super) fn kind(terms: &Terms) -> &'static str {
    match terms {
        Terms::Split { .. } => "split",
        Terms::CashDividend { .. } => "cash_dividend",
    }
}

/// Stores an action; answers false when the security has one of this kind on that day already. Who comes second waits until
/// the first has ended.
pub(super) async fn insert(on: &mut impl Writable, action: &Action) -> DbResult<bool> {
    let (ratio, price) = match action.terms {
        Terms::Split { ratio, cash_in_lieu } => (Some(ratio), cash_in_lieu),
        Terms::CashDividend { per_share } => (None, Some(per_share)),
    };
    let written = sql("INSERT INTO corporate_actions
             (id, symbol, kind, new_shares, old_shares, price, effective_at, status, announced_at, cursor_account, ex_date)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (symbol, kind, ex_date) DO NOTHING")
    .bind(action.id)
    .bind(action.symbol.as_str())
    .bind(kind(&action.terms))
    .bind(ratio.map(|ratio| i64::from(ratio.new_shares())))
    .bind(ratio.map(|ratio| i64::from(ratio.old_shares())))
    .bind(price)
    .bind(action.effective_at)
    .bind(action.status.as_str())
    .bind(action.announced_at)
    .bind(action.cursor)
    .bind(action.ex_date().to_string())
    .run(on)
    .await?;
    Ok(written == 1)
}

const COLUMNS: &str = "SELECT id, symbol, kind, new_shares, old_shares, price, effective_at, status,
    announced_at, applied_at, cursor_account FROM corporate_actions";

impl FromRow for Action {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (id, symbol): (Uuid, Symbol) = (row.read()?, row.parse()?);
        let kind: String = row.read()?;
        let (new, old): (Option<i64>, Option<i64>) = (row.read()?, row.read()?);
        let price: Option<Price> = row.read()?;
        let ratio = || Ratio::new(u32::try_from(new?).ok()?, u32::try_from(old?).ok()?).ok();
        let terms = match (kind.as_str(), price) {
            ("split", cash_in_lieu) => ratio().map(|ratio| Terms::Split { ratio, cash_in_lieu }),
            (_, Some(per_share)) => Some(Terms::CashDividend { per_share }),
            (_, None) => None,
        };
        Ok(Self {
            id,
            symbol,
            terms: terms.ok_or_else(|| DbError::Fault(format!("corporate action {id} as stored")))?,
            effective_at: row.read()?,
            status: row.read()?,
            announced_at: row.read()?,
            applied_at: row.read()?,
            cursor: row.read()?,
        })
    }
}

/// The action of this id.
pub(super) async fn one(on: &mut impl Queryable, id: Uuid) -> DbResult<Action> {
    sql(format!("{COLUMNS} WHERE id = $1")).bind(id).one(on).await
}

/// Actions that took effect before an instant and are not applied to everybody, in the order in which they did.
pub(super) async fn due(on: &mut impl Queryable, before: Timestamp) -> DbResult<Vec<Action>> {
    sql(format!(
        "{COLUMNS} WHERE status <> 'applied' AND effective_at <= $1 ORDER BY effective_at, id"
    ))
    .bind(before)
    .all(on)
    .await
}

/// All actions, newest first, with how many holders each was applied to.
pub(super) async fn list(
    on: &mut impl Queryable,
    before: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<(Action, i64)>> {
    let found: Vec<Action> = sql(format!("{COLUMNS} WHERE id < $1 ORDER BY id DESC LIMIT $2"))
        .bind(before.unwrap_or(Uuid::max()))
        .bind(most)
        .all(on)
        .await?;
    let mut counted = Vec::with_capacity(found.len());
    for action in found {
        let holders: i64 = sql("SELECT COUNT(*) FROM corporate_action_effects WHERE action_id = $1")
            .bind(action.id)
            .one(on)
            .await?;
        counted.push((action, holders));
    }
    Ok(counted)
}

/// Every split that was announced.
pub(super) async fn splits(on: &mut impl Queryable) -> DbResult<Vec<Split>> {
    let found: Vec<Action> = sql(format!(
        "{COLUMNS} WHERE kind = 'split' ORDER BY effective_at, id"
    ))
    .all(on)
    .await?;
    let known = found.into_iter().filter_map(|action| match action.terms {
        Terms::Split { ratio, .. } => Some(Split {
            id: action.id,
            symbol: action.symbol,
            effective_at: action.effective_at,
            applied_at: action.applied_at,
            ratio,
        }),
        Terms::CashDividend { .. } => None,
    });
    Ok(known.collect())
}

/// To which holders between two an action was applied already.
pub(super) async fn done(
    on: &mut impl Queryable,
    action: Uuid,
    after: AccountId,
    last: AccountId,
) -> DbResult<HashSet<AccountId>> {
    let found: Vec<AccountId> = sql("SELECT account_id FROM corporate_action_effects
         WHERE action_id = $1 AND account_id > $2 AND account_id <= $3")
    .bind(action)
    .bind(after)
    .bind(last)
    .all(on)
    .await?;
    Ok(found.into_iter().collect())
}

/// Takes a holder for an action, before anything else is done to them; answers false when that was done before. Who
/// comes second waits until the first has ended.
pub(super) async fn claim(on: &mut impl Writable, action: Uuid, account: AccountId) -> DbResult<bool> {
    let written = sql("INSERT INTO corporate_action_effects
             (action_id, account_id, shares_before, shares_after, cash) VALUES ($1, $2, 0, 0, 0)
         ON CONFLICT DO NOTHING")
    .bind(action)
    .bind(account)
    .run(on)
    .await?;
    Ok(written == 1)
}

/// Records what an action did to a holder that was claimed.
pub(super) fn record(
    on: &mut impl Writable,
    action: Uuid,
    account: AccountId,
    effect: &ActionEffect,
) -> DbResult<()> {
    sql(
        "UPDATE corporate_action_effects SET shares_before = $3, shares_after = $4, cash = $5
         WHERE action_id = $1 AND account_id = $2",
    )
    .bind(action)
    .bind(account)
    .bind(effect.before)
    .bind(effect.after)
    .bind(effect.cash.minor())
    .later(on)
}

/// Notes up to which holder an action is applied.
pub(super) fn move_on(on: &mut impl Writable, action: Uuid, cursor: AccountId) -> DbResult<()> {
    sql(
        "UPDATE corporate_actions SET status = 'applying', cursor_account = $2
         WHERE id = $1 AND status <> 'applied'",
    )
    .bind(action)
    .bind(cursor)
    .later(on)
}

/// Notes that an action is applied to everybody; answers false when it was noted before.
pub(super) async fn complete(on: &mut impl Writable, action: Uuid, now: Timestamp) -> DbResult<bool> {
    let changed = sql("UPDATE corporate_actions SET status = 'applied', applied_at = $2
                       WHERE id = $1 AND status <> 'applied'")
    .bind(action)
    .bind(now)
    .run(on)
    .await?;
    Ok(changed == 1)
}
