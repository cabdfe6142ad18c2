//! The job that holds waiting alerts against the market.
//!
//! Each look covers all that happened since the look before, as its stored cursor says, so that a price which was met
//! for a moment, or while the program was down, is not missed. The cursor moves after the alerts have fired; a crash in
//! between repeats the look, and an alert that has fired fires no more.

use jiff::Timestamp;
use stockade_domain::{price::Price, symbol::Symbol};
use stockade_platform::db::{DbResult, Reader, Tx};
use uuid::Uuid;

use super::{
    events,
    store::{self, Alert},
};
use crate::{
    app::App,
    core::{actor::Actor, bookkeeping::bookkeep, change::Change},
    http::error::{ApiError, ApiResult, Problem},
};

/// Alerts read at once.
const PAGE: i64 = 200;

/// Lets every alert fire whose price was met; answers how many.
///
/// # Errors
/// When the database is away; the same stretch of time is then looked at again.
pub async fn fire_alerts(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let looked: DbResult<_> = app
        .read(async |reader: &mut Reader| {
            let since = store::checked_until(reader).await?;
            DbResult::Ok((since, store::waited_for(reader).await?))
        })
        .await;
    let (since, symbols) = looked?;
    if symbols.is_empty() {
        return Ok(0);
    }
    // Before the first look ever, each alert is looked at from when it was made.
    let since = since.unwrap_or(Timestamp::MIN).min(now);
    let mut fired = 0;
    for (symbol,) in symbols {
        // What is no longer listed has no price to meet.
        if let Ok(symbol) = symbol.parse() {
            fired += of_symbol(app, symbol, since, now).await?;
        }
    }
    if since < now {
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            store::set_checked_until(tx, now).await
        })
        .await?;
    }
    Ok(fired)
}

async fn of_symbol(app: &App, symbol: Symbol, since: Timestamp, now: Timestamp) -> ApiResult<usize> {
    let Some(range) = app.market.range(&symbol, since, now) else {
        return Ok(0);
    };
    let (mut fired, mut last) = (0, Uuid::nil());
    loop {
        let page: DbResult<_> = app
            .read(async move |reader: &mut Reader| {
                store::within_reach(reader, symbol, range, last, PAGE).await
            })
            .await;
        let page = page?;
        for alert in &page {
            last = alert.id;
            if let Some(met) = met(app, alert, since, now, range)
                && fire(app, alert, met).await?
            {
                fired += 1;
            }
        }
        if (page.len() as i64) < PAGE {
            return Ok(fired);
        }
    }
}

/// The farthest the price went, if it went far enough since the alert was made.
fn met(app: &App, alert: &Alert, since: Timestamp, now: Timestamp, range: (Price, Price)) -> Option<Price> {
    let (low, high) = if alert.created_at <= since {
        range
    } else {
        app.market.range(&alert.symbol, alert.created_at.min(now), now)?
    };
    let farthest = if alert.above { high } else { low };
    alert.is_met_by(farthest).then_some(farthest)
}

async fn fire(app: &App, alert: &Alert, met: Price) -> ApiResult<bool> {
    const GONE: &str = "price_alert.gone";
    let alert = alert.clone();
    let answer = app
        .change(
            Actor::program("price alerts"),
            async move |change: &mut Change<'_>| {
                let now = change.now();
                if !store::fire(change, alert.owner, alert.id, met, now).await? {
                    return Err(Problem::conflict(GONE, "the alert has fired meanwhile, or is gone").into());
                }
                change.commit(events::fired(&alert, met), ())
            },
        )
        .await;
    match answer {
        Ok(()) => Ok(true),
        Err(ApiError::Refused(problem)) if problem.code == GONE => Ok(false),
        Err(error) => Err(error),
    }
}
