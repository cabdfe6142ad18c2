//! The job that asks the provider: one instance at a time, the newest quotes at each tick, whole days a few times a day.
//! What it hears is stored, and every process reads it from there.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use stockade_domain::symbol::Symbol;
use stockade_platform::{
    db::{DbResult, Reader, Tx},
    market::{FeedError, Provider},
    random,
};
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    core::{bookkeeping::bookkeep, leases},
    http::error::{ApiError, ApiResult},
};

/// The lease's name.
const LEASE: &str = "market feed";
/// How far back a market that is new begins.
const HISTORY_DAYS: i64 = 5 * 366;
/// A provider corrects the newest days.
const AGAIN_DAYS: i64 = 7;

/// Asks for the newest quotes and stores them; answers how many came. What the provider says of itself, such as that it
/// rests, is no failure of ours: prices grow old meanwhile, and say so.
///
/// # Errors
/// When the database is away.
pub async fn poll_quotes(app: &App) -> ApiResult<usize> {
    let Some((provider, symbols)) = to_ask(app).await? else {
        return Ok(0);
    };
    let now = app.clock.now();
    let quotes = match provider.quotes(&symbols, now, chance()).await {
        Ok(quotes) => quotes,
        Err(error) => return fell_silent(&error),
    };
    let count = quotes.len();
    bookkeep(&app.core.db, async move |tx: &mut Tx| -> DbResult<()> {
        for (symbol, quote) in &quotes {
            store::put_quote(tx, *symbol, quote, now)?;
        }
        Ok(())
    })
    .await?;
    Ok(count)
}

/// Asks for whole days since the newest that is known and stores them; answers how many came.
///
/// # Errors
/// When the database is away.
pub async fn poll_days(app: &App) -> ApiResult<usize> {
    let Some((provider, symbols)) = to_ask(app).await? else {
        return Ok(0);
    };
    let now = app.clock.now();
    let newest: DbResult<_> = app
        .read(async |reader: &mut Reader| store::newest_day(reader).await)
        .await;
    let since = match newest? {
        Some(day) => day - SignedDuration::from_hours(24 * AGAIN_DAYS),
        None => now - SignedDuration::from_hours(24 * HISTORY_DAYS),
    };
    let days = match provider.days(&symbols, date(since), now, chance()).await {
        Ok(days) => days,
        Err(error) => return fell_silent(&error),
    };
    let count = days.len();
    bookkeep(&app.core.db, async move |tx: &mut Tx| -> DbResult<()> {
        store::put_bars(tx, &days)?;
        store::raise_version(tx)
    })
    .await?;
    Ok(count)
}

/// The provider and what to ask it for, if there is one and this instance is to ask.
async fn to_ask(app: &App) -> ApiResult<Option<(&Provider, Vec<Symbol>)>> {
    let Some(provider) = &app.provider else {
        return Ok(None);
    };
    let symbols: Vec<Symbol> = app.market.assets().iter().map(|asset| asset.symbol).collect();
    let (holder, now): (Uuid, _) = (app.instance, app.clock.now());
    let epoch = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::hold(tx, LEASE, holder, now).await
    });
    let is_mine = epoch.await.map_err(ApiError::from)?.is_some();
    Ok((is_mine && !symbols.is_empty()).then_some((provider, symbols)))
}

fn fell_silent(error: &FeedError) -> ApiResult<usize> {
    match error {
        FeedError::Resting(_) | FeedError::Spent => tracing::debug!(%error, "no new prices"),
        _ => tracing::warn!(%error, "no new prices"),
    }
    Ok(0)
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn chance() -> u64 {
    u64::from_le_bytes(random::bytes())
}
