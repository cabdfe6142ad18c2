//! The job that applies actions once they take effect: to every holder, batch by batch, each in a unit of its own.

use futures_util::future::join_all;
use jiff::SignedDuration;
use stockade_domain::{
    asset::Asset,
    corporate_actions::Terms,
    ids::{AccountId, OrderId},
    quantity::Quantity,
};
use stockade_platform::db::{DbError, Reader, Tx};
use uuid::Uuid;

use super::{Action, events, halt, store};
use crate::{
    app::App,
    core::{actor::Actor, bookkeeping::bookkeep, change::Change},
    features::{ledger, orders, portfolio},
    http::error::{ApiError, ApiResult, Problem},
};

/// Holders whose units are under way at once; on SQLite they commit together.
const BATCH: i64 = 100;

/// Time for what began before an action took effect to end.
const SETTLE: SignedDuration = SignedDuration::from_secs(5);

/// Applies what has taken effect; answers to how many holders.
pub async fn apply_due(app: &App) -> ApiResult<usize> {
    let before = app.clock.now() - SETTLE;
    let due = app
        .read(async move |reader: &mut Reader| store::due(reader, before).await)
        .await?;
    let mut applied = 0;
    for action in due {
        match apply(app, &action).await {
            Ok(holders) => applied += holders,
            Err(error @ ApiError::Database(DbError::Unavailable(_))) => return Err(error),
            // What is wrong with one action must not keep the others waiting; it is tried again at the next turn.
            Err(error) => tracing::error!(action = %action.id, ?error, "a corporate action is not whole yet"),
        }
    }
    Ok(applied)
}

async fn apply(app: &App, action: &Action) -> ApiResult<usize> {
    match action.terms {
        Terms::Split { .. } => end_orders(app, action).await?,
        // What was held at that instant is known once the histories are whole up to it.
        Terms::CashDividend { .. } => {
            if !portfolio::is_recorded(app, action.effective_at).await? {
                return Ok(0);
            }
        }
    }
    let (mut cursor, mut applied) = (action.cursor, 0);
    loop {
        let (symbol, id, after) = (action.symbol, action.id, cursor);
        let (holders, done) = app
            .read(async move |reader: &mut Reader| {
                let holders = portfolio::holders(reader, symbol, after, BATCH).await?;
                let last = holders.last().copied().unwrap_or(after);
                let done = store::done(reader, id, after, last).await?;
                Ok::<_, DbError>((holders, done))
            })
            .await?;
        let Some(last) = holders.last().copied() else {
            break;
        };
        let left = holders.into_iter().filter(|holder| !done.contains(holder));
        for outcome in join_all(left.map(|holder| apply_to(app, action, holder))).await {
            applied += usize::from(outcome?);
        }
        cursor = last;
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            store::move_on(tx, id, cursor)
        })
        .await?;
    }
    complete(app, action).await?;
    halt::follow_announcements(app).await?;
    Ok(applied)
}

/// Cancels every open order in the security; none comes in while trading stands still.
async fn end_orders(app: &App, action: &Action) -> ApiResult<()> {
    let symbol = action.symbol;
    let mut after = OrderId::from_uuid(Uuid::nil());
    loop {
        let open = app
            .read(async move |reader: &mut Reader| orders::open_in(reader, symbol, after, BATCH).await)
            .await?;
        let Some((_, last)) = open.last() else {
            return Ok(());
        };
        after = *last;
        for (account, order) in open {
            orders::end(app, account, order).await?;
        }
    }
}

/// Applies an action to a holder; answers false when that was done meanwhile, or there was nothing to do.
async fn apply_to(app: &App, action: &Action, holder: AccountId) -> ApiResult<bool> {
    let action = action.clone();
    let (account, owner, held) = app
        .read(async move |reader: &mut Reader| {
            let account = ledger::account_by_id(reader, holder)
                .await?
                .ok_or(DbError::NoRow)?;
            let owner = ledger::owner_of(reader, holder).await?.ok_or(DbError::NoRow)?;
            // A dividend is on what was held then, a split changes what is held now.
            let held = match action.terms {
                Terms::Split { .. } => {
                    let balance = ledger::balance(reader, holder, Asset::Security(action.symbol)).await?;
                    balance.map_or(Quantity::ZERO, |b| Quantity::from_nanos(b.available() + b.held()))
                }
                Terms::CashDividend { .. } => {
                    portfolio::held_at(reader, holder, action.symbol, action.effective_at).await?
                }
            };
            Ok::<_, DbError>((account, owner, held))
        })
        .await?;
    if !held.is_positive() {
        return Ok(false);
    }
    let answer = app
        .change(
            Actor::program("corporate actions"),
            async move |change: &mut Change<'_>| {
                if !store::claim(change, action.id, account.id).await? {
                    return Err(done_before().into());
                }
                let effect = match action.terms {
                    Terms::Split { ratio, cash_in_lieu } => {
                        portfolio::split(change, action.id, account, action.symbol, ratio, cash_in_lieu)
                            .await?
                    }
                    Terms::CashDividend { per_share } => {
                        portfolio::pay_dividend(change, action.id, account, held, per_share).await?
                    }
                };
                store::record(change, action.id, account.id, &effect)?;
                change.commit(events::applied(owner, &action, &effect), ())
            },
        )
        .await;
    match answer {
        Ok(()) => Ok(true),
        Err(ApiError::Refused(problem)) if problem.code == DONE => Ok(false),
        Err(error) => Err(error),
    }
}

const DONE: &str = "corporate_action.applied_before";

/// Another instance was faster.
fn done_before() -> Problem {
    Problem::conflict(DONE, "the action was applied to this holder before")
}

async fn complete(app: &App, action: &Action) -> ApiResult<()> {
    let action = action.clone();
    let answer = app
        .change(
            Actor::program("corporate actions"),
            async move |change: &mut Change<'_>| {
                let now = change.now();
                if !store::complete(change, action.id, now).await? {
                    return Err(done_before().into());
                }
                change.commit(events::completed(&action), ())
            },
        )
        .await;
    match answer {
        Err(ApiError::Refused(problem)) if problem.code == DONE => Ok(()),
        other => other,
    }
}
