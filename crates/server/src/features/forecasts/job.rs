//! The job: after the end of each day (UTC), every symbol's forecasts are made anew, one symbol a turn; a turn a minute while
//! requests keep the server busy, or did a few seconds ago. Instances take turns by a lease. What is made is stored at once, so an interrupted day
//! goes on where it stopped.

use std::{future::Future, pin::pin, time::Duration};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::symbol::Symbol;
use stockade_platform::{
    db::{DbResult, Tx},
    random,
};
use uuid::Uuid;

use super::{
    compute::{Made, compute},
    store,
};
use crate::{
    app::App,
    core::{bookkeeping::bookkeep, leases},
    http::error::{ApiError, ApiResult},
};

/// One instance at a time makes forecasts.
const LEASE: &str = "forecasts";

/// How often the lease is renewed while a symbol is worked on; well below its life.
const RENEWED_EVERY: Duration = Duration::from_secs(3);

/// How long forecasts are kept, for as long as newer ones may be missing.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

const DAY_SECONDS: i64 = 86_400;

/// The same as [`make_forecasts`], but leaves the processor to requests while many are at work.
///
/// # Errors
/// As there.
pub async fn make_forecasts_if_calm(app: &App) -> ApiResult<usize> {
    match app.admission.is_calm() {
        true => make_forecasts(app).await,
        false => Ok(0),
    }
}

/// Makes the forecasts of the next symbol that has none as of the last day's end; answers how many symbols were done.
///
/// # Errors
/// When the database is away, or the market's closes make no sense.
pub async fn make_forecasts(app: &App) -> ApiResult<usize> {
    if !app.config.forecasts.enabled {
        return Ok(0);
    }
    let as_of = last_day_end(app.clock.now());
    let Some(symbol) = next(app, as_of).await? else {
        return Ok(0);
    };
    let holder = random::uuid_v7(app.clock.now());
    if !hold(app, holder).await? {
        return Ok(0);
    }
    let made = work(app, holder, as_of, symbol).await;
    let now = app.clock.now();
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::release(tx, LEASE, holder, now).await
    })
    .await?;
    made
}

/// The first symbol that is missing.
async fn next(app: &App, as_of: Timestamp) -> ApiResult<Option<Symbol>> {
    let done: DbResult<Vec<String>> = app
        .read(async move |reader| store::done(reader, as_of).await)
        .await;
    let done = done?;
    let symbols = app.market.assets().iter().map(|asset| asset.symbol);
    Ok(symbols
        .into_iter()
        .find(|symbol| !done.iter().any(|done| done == symbol.as_str())))
}

async fn work(app: &App, holder: Uuid, as_of: Timestamp, symbol: Symbol) -> ApiResult<usize> {
    // Another instance may have been at it before this one had the lease.
    if next(app, as_of).await? != Some(symbol) {
        return Ok(0);
    }
    let Some(made) = while_held(app, holder, compute(app, symbol, as_of)).await? else {
        return Ok(0);
    };
    save(app, symbol, as_of, made?).await?;
    Ok(1)
}

/// Waits for the work and keeps the lease meanwhile; `None` when somebody else got it.
async fn while_held<T>(app: &App, holder: Uuid, work: impl Future<Output = T>) -> ApiResult<Option<T>> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(Some(done)),
            () = tokio::time::sleep(RENEWED_EVERY) => {
                if !hold(app, holder).await? {
                    return Ok(None);
                }
            }
        }
    }
}

async fn hold(app: &App, holder: Uuid) -> ApiResult<bool> {
    let now = app.clock.now();
    let epoch = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::hold(tx, LEASE, holder, now).await
    })
    .await?;
    Ok(epoch.is_some())
}

async fn save(app: &App, symbol: Symbol, as_of: Timestamp, made: Made) -> ApiResult<()> {
    let texts = made.documents.iter().map(serde_json::to_string);
    let texts: Vec<String> = texts
        .collect::<Result<_, _>>()
        .map_err(|error| ApiError::Fault(format!("a forecast of {symbol}: {error}")))?;
    let (closes, now) = (made.closes as i64, app.clock.now());
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::save(tx, symbol.as_str(), as_of, closes, &texts, now).await?;
        store::drop_older(tx, symbol.as_str(), as_of - KEPT).await
    })
    .await?;
    Ok(())
}

/// The midnight (UTC) before an instant.
fn last_day_end(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(DAY_SECONDS)).unwrap_or(Timestamp::MIN)
}
