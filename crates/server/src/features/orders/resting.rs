//! Orders that wait: a job of the worker lets each meet the present quote, in the order they came, and lets day orders
//! expire when their UTC day is over.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use stockade_domain::{
    ids::{OrderId, UserId},
    orders::{Order, TimeInForce, match_order},
    quote::Quote,
};
use stockade_platform::db::DbError;
use uuid::Uuid;

use super::{
    events,
    execute::{Stage, meet_market, release},
    store,
};
use crate::{
    app::App,
    core::actor::Actor,
    features::{ledger, market},
    http::error::{ApiError, ApiResult, Problem},
};

/// Orders looked at in one read.
const PAGE: i64 = 200;

/// Looks at every resting order once; answers how many moved.
pub async fn match_resting(app: &App) -> ApiResult<usize> {
    let mut last = OrderId::from_uuid(Uuid::nil());
    let mut moved = 0;
    loop {
        let page = app
            .read(async move |reader| store::resting(reader, last, PAGE).await)
            .await?;
        for order in &page {
            last = order.id;
            match look_at(app, order).await {
                Ok(has_moved) => moved += usize::from(has_moved),
                Err(error @ ApiError::Database(DbError::Unavailable(_))) => return Err(error),
                // What is wrong with one order must not keep the others waiting.
                Err(error) => {
                    tracing::error!(order = %order.id, ?error, "a resting order could not be looked at")
                }
            }
        }
        if (page.len() as i64) < PAGE {
            return Ok(moved);
        }
    }
}

async fn look_at(app: &App, seen: &Order) -> ApiResult<bool> {
    if is_over(seen, app.clock.now()) {
        return step(app, seen, Step::Expire).await;
    }
    let Ok(quote) = market::quote(app, seen.terms.symbol()) else {
        return Ok(false);
    };
    // Decided on what was read, to spare the writer; decided again in the unit, on what is.
    match match_order(seen, &quote, app.config.trading.liquidity())? {
        Some(_) => step(app, seen, Step::Fill(quote)).await,
        None => Ok(false),
    }
}

#[derive(Clone, Copy)]
enum Step {
    Fill(Quote),
    Expire,
}

async fn step(app: &App, seen: &Order, step: Step) -> ApiResult<bool> {
    let (id, account, liquidity) = (seen.id, seen.account, app.config.trading.liquidity());
    let owner = app
        .read(async move |reader| ledger::owner_of(reader, account).await)
        .await?;
    let owner: UserId = owner.ok_or(DbError::NoRow)?;
    let answer = app
        .change(Actor::program("matching"), async move |change| {
            let mut order = store::lock(change, account, id).await?.ok_or(DbError::NoRow)?;
            let event = match step {
                _ if order.status.is_closed() => return Err(gone().into()),
                Step::Expire => {
                    order.expire(change.now())?;
                    release(change, &order).await?;
                    events::expired(owner, &order)
                }
                Step::Fill(quote) => {
                    let fill = meet_market(change, &mut order, Stage::Resting, &quote, liquidity).await?;
                    events::filled(owner, &order, &fill.ok_or_else(gone)?)
                }
            };
            store::update(change, &order)?;
            change.commit(event, ())
        })
        .await;
    match answer {
        Ok(()) => Ok(true),
        Err(ApiError::Refused(problem)) if problem.code == GONE => Ok(false),
        Err(error) => Err(error),
    }
}

const GONE: &str = "order.moved_meanwhile";

/// Its owner, or another instance, was faster.
fn gone() -> Problem {
    Problem::conflict(GONE, "the order has moved meanwhile")
}

fn is_over(order: &Order, now: Timestamp) -> bool {
    order.terms.time_in_force() == TimeInForce::Day && day(order.submitted_at) < day(now)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
