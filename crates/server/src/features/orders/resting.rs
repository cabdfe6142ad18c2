//! Orders that wait: a job of the worker lets those that the present quote concerns meet it, and lets day orders expire
//! when their day is over.
//!
//! Invariants: within a symbol and side, orders are served in price-time order and share what the market gives at one
//! quote (`trading.liquidity_shares`); one instance at a time serves; what a turn reads depends on the orders that can
//! move now, not on those that wait or were. An order that comes in meets the market on its own, before those that wait.
//! The orders of a frozen account wait where they are, without a share, until it is its owner's again; they only expire.

use std::collections::HashSet;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use stockade_domain::{
    ids::{OrderId, UserId},
    orders::{Fill, Order, Queue},
    symbol::Symbol,
};
use stockade_platform::db::DbError;
use uuid::Uuid;

use super::{
    events,
    execute::{Offer, Stage, meet_market, release},
    serve::serve,
    store, turns,
};
use crate::{
    app::App,
    core::{actor::Actor, event::AuditEvent},
    features::{auth, ledger, market},
    http::error::{ApiError, ApiResult, Problem},
};

/// Orders looked at in one read.
const PAGE: i64 = 200;

/// Units under way at once; on SQLite they share a commit.
const AT_ONCE: usize = 16;

/// Lets what can move now move; answers how many moves there were.
pub async fn match_resting(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let (symbols, any_over) = app
        .read(async move |reader| -> ApiResult<_> {
            let over = store::over(reader, now, 1).await?;
            Ok((store::waiting_symbols(reader).await?, !over.is_empty()))
        })
        .await?;
    if symbols.is_empty() && !any_over || !turns::is_mine(app).await? {
        return Ok(0);
    }
    let mut moved = if any_over { expire(app, now).await? } else { 0 };
    if app.config.trading.calendar().is_open(now) {
        let frozen = app
            .read(async move |reader| auth::restricted(reader).await)
            .await?;
        for symbol in symbols {
            if !turns::is_mine(app).await? {
                break;
            }
            moved += match_symbol(app, symbol, &frozen).await?;
        }
    }
    Ok(moved)
}

async fn expire(app: &App, now: Timestamp) -> ApiResult<usize> {
    let mut moved = 0;
    loop {
        let page = app
            .read(async move |reader| store::over(reader, now, PAGE).await)
            .await?;
        let is_last = (page.len() as i64) < PAGE;
        let done = all(app, page.into_iter().map(|order| (order, Step::Expire)).collect()).await?;
        moved += done;
        // Orders that could not move are left for the next turn.
        if is_last || done == 0 {
            return Ok(moved);
        }
    }
}

/// Stops first: what they send to the market stands in the queues when these are served.
async fn match_symbol(app: &App, symbol: Symbol, frozen: &HashSet<UserId>) -> ApiResult<usize> {
    let Ok(quote) = market::fresh_quote(app, symbol) else {
        return Ok(0);
    };
    let offer = Offer::new(&app.config.trading, quote, app.clock.now());
    let mut moved = 0;
    for queue in [Queue::BuyStop, Queue::SellStop, Queue::Buy, Queue::Sell] {
        moved += match_queue(app, symbol, queue, offer, frozen).await?;
    }
    Ok(moved)
}

async fn match_queue(
    app: &App,
    symbol: Symbol,
    queue: Queue,
    mut offer: Offer,
    frozen: &HashSet<UserId>,
) -> ApiResult<usize> {
    let reached = queue.reached(&offer.quote);
    let mut after = (i64::MIN, OrderId::from_uuid(Uuid::nil()));
    let mut moved = 0;
    while offer.liquidity.is_positive() {
        let page = app
            .read(async move |reader| store::reached(reader, symbol, queue, reached, after, PAGE).await)
            .await?;
        let is_last = (page.len() as i64) < PAGE;
        if let Some((_, rank)) = page.last().and_then(Order::waits) {
            after = (rank, page.last().expect("a last order").id);
        }
        let page = of_the_free(app, page, frozen).await?;
        let steps = match queue {
            Queue::Buy | Queue::Sell => serve(page, &mut offer)?,
            Queue::BuyStop | Queue::SellStop => page
                .into_iter()
                .map(|order| (order, Step::Trigger(offer)))
                .collect(),
        };
        moved += all(app, steps).await?;
        if is_last {
            break;
        }
    }
    Ok(moved)
}

/// Without the orders of frozen accounts, which would take a share that they cannot use from those behind them.
async fn of_the_free(app: &App, page: Vec<Order>, frozen: &HashSet<UserId>) -> ApiResult<Vec<Order>> {
    if frozen.is_empty() {
        return Ok(page);
    }
    let mut free = Vec::with_capacity(page.len());
    for order in page {
        let account = order.account;
        let owner = app
            .read(async move |reader| ledger::owner_of(reader, account).await)
            .await?;
        if owner.is_none_or(|owner| !frozen.contains(&owner)) {
            free.push(order);
        }
    }
    Ok(free)
}

/// What is to become of an order.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Its day is over.
    Expire,
    /// The market has reached its stop.
    Trigger(Offer),
    /// The market gives it this much.
    Fill(Offer),
}

/// Each in a unit of its own, several at once; answers how many moved.
async fn all(app: &App, steps: Vec<(Order, Step)>) -> ApiResult<usize> {
    let mut answers = stream::iter(steps)
        .map(|(order, step)| async move { (order.id, take(app, &order, step).await) })
        .buffer_unordered(AT_ONCE);
    let mut moved = 0;
    while let Some((order, answer)) = answers.next().await {
        match answer {
            Ok(has_moved) => moved += usize::from(has_moved),
            Err(error @ ApiError::Database(DbError::Unavailable(_))) => return Err(error),
            // What is wrong with one order must not keep the others waiting.
            Err(error) => tracing::error!(%order, ?error, "a resting order could not be moved"),
        }
    }
    Ok(moved)
}

async fn take(app: &App, seen: &Order, step: Step) -> ApiResult<bool> {
    let (id, account) = (seen.id, seen.account);
    let owner = app
        .read(async move |reader| ledger::owner_of(reader, account).await)
        .await?;
    let owner: UserId = owner.ok_or(DbError::NoRow)?;
    let answer = app
        .change(Actor::program("matching"), async move |change| {
            let mut order = store::lock(change, account, id).await?.ok_or(DbError::NoRow)?;
            let now = change.now();
            if !order.status.can_fill() || order.is_over(now) != matches!(step, Step::Expire) {
                return Err(gone().into());
            }
            // Whoever froze the account may have been faster than this turn.
            if !matches!(step, Step::Expire) && auth::is_restricted(change, owner).await? {
                return Err(gone().into());
            }
            let event = match step {
                Step::Expire => {
                    order.expire(now)?;
                    release(change, &order).await?;
                    events::moved(&order, None)
                }
                Step::Trigger(offer) if order.trigger(&offer.quote, now) => events::triggered(&order),
                Step::Trigger(_) => return Err(gone().into()),
                Step::Fill(offer) => {
                    let fill = meet_market(change, &mut order, Stage::Resting, &offer).await?;
                    filled(&order, fill.as_ref())?
                }
            };
            store::update(change, &order)?;
            change.commit(event.about(owner), ())
        })
        .await;
    match answer {
        Ok(()) => Ok(true),
        Err(ApiError::Refused(problem)) if problem.code == GONE => Ok(false),
        Err(error) => Err(error),
    }
}

fn filled(order: &Order, fill: Option<&Fill>) -> Result<AuditEvent, Problem> {
    fill.map(|fill| events::moved(order, Some(fill))).ok_or_else(gone)
}

const GONE: &str = "order.moved_meanwhile";

/// Its owner, or another instance, was faster.
fn gone() -> Problem {
    Problem::conflict(GONE, "the order has moved meanwhile")
}
