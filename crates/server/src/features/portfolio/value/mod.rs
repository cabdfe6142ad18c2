//! What accounts were worth at the end of each day: a job values every account that is not empty once its day is over,
//! so that no request looks further back than to last midnight.
//!
//! Invariants: a day's row follows from the account's history and the day's closing prices alone, so it is the same
//! whoever makes it, and can be made anew. A day is valued only once the history is whole up to its end, and up to where
//! the splits that took effect by then have reached every holder: they count from the instant that prices count them.
//! An account that became empty has a row that says so, and none for the days after.
//!
//! Tables: `daily_values`, `valued_accounts`.

mod day;
mod holdings;
mod prices;
mod store;

use jiff::Timestamp;
use stockade_domain::{currency::Currency, ids::AccountId};
use stockade_platform::db::{DbError, DbResult, Reader, Tx};

pub(super) use day::{date_of, day_of, end_of, start_of};
pub(super) use holdings::Holdings;
pub(super) use prices::{Prices, benchmark};
pub(super) use store::{enlist, forget, latest, series, valued_until};

use super::history::{self, Entry, covered};
use crate::{
    app::App,
    core::bookkeeping::bookkeep,
    features::ledger::{self, first_posting_at, time_of},
    http::error::ApiResult,
};

/// Accounts valued in one turn.
const ACCOUNTS: i64 = 100;
/// Days of one account valued in one turn.
const DAYS: i64 = 200;

/// An account at the end of a day, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DayValue {
    /// Days since 1970-01-01.
    pub(super) day: i64,
    /// What it holds.
    pub(super) holdings: Holdings,
    /// What the shares are worth; `None` where a price is missing.
    pub(super) market_value: Option<i64>,
    /// What came in from outside during the day.
    pub(super) inflow: i64,
    /// What went outside.
    pub(super) outflow: i64,
    /// Whether there was a market that day.
    pub(super) traded: bool,
}

impl DayValue {
    /// Cash and shares.
    pub(super) fn value(&self) -> Option<i64> {
        self.market_value?.checked_add(self.holdings.cash)
    }
}

/// Values the days that are over; answers how many were written.
pub async fn close_days(app: &App) -> ApiResult<usize> {
    let seen = app.clone();
    let (last, due) = app
        .read(async move |reader: &mut Reader| {
            let last = last_over(&seen, time_of(covered(reader).await?));
            Ok::<_, DbError>((last, store::due(reader, last, ACCOUNTS).await?))
        })
        .await?;
    let mut prices = Prices::new(app);
    let mut written = 0;
    for (account, next_day) in due {
        written += close_account(app, &mut prices, account, next_day, last.min(next_day + DAYS - 1)).await?;
    }
    Ok(written)
}

/// The last day that is over and can be valued, if the histories are whole up to an instant.
fn last_over(app: &App, covered: Timestamp) -> i64 {
    let under_way = app.splits.first_under_way(covered);
    day_of(under_way.unwrap_or(covered)) - 1
}

async fn close_account(
    app: &App,
    prices: &mut Prices<'_>,
    id: AccountId,
    first: i64,
    last: i64,
) -> ApiResult<usize> {
    let seen = app.clone();
    let (account, before, entries) = app
        .read(async move |reader: &mut Reader| {
            let account = ledger::account_by_id(reader, id).await?.ok_or(DbError::NoRow)?;
            let before = latest(reader, id, first - 1).await?;
            let from = start_of(before.as_ref().map_or(first, |before| before.day + 1));
            let mut entries = history::since(&seen, reader, id, from).await?;
            entries.retain(|entry| day_of(entry.counts_from) <= last);
            ApiResult::Ok((account, before, entries))
        })
        .await?;
    let holdings = before.map(|before| before.holdings).unwrap_or_default();
    let days = days(prices, account.currency, holdings.clone(), &entries, first, last);
    let is_empty = days
        .last()
        .map_or(holdings.is_empty(), |day| day.holdings.is_empty());
    let written = days.len();
    bookkeep(&app.core.db, async move |tx: &mut Tx| -> DbResult<()> {
        if !store::move_on(tx, id, first, last + 1).await? {
            return Ok(());
        }
        store::write(tx, id, &days)?;
        // Asked only now that the row is locked: who copies something later enlists the account anew.
        if is_empty && !history::goes_on(tx, id, first_posting_at(start_of(last + 1))).await? {
            store::rest(tx, id)?;
        }
        Ok(())
    })
    .await?;
    Ok(written)
}

/// An account's days from `first` to `last`, from what it held before and what happened since, oldest first. Days on
/// which it is empty and nothing happens are left out.
pub(super) fn days(
    prices: &mut Prices<'_>,
    currency: Currency,
    mut holdings: Holdings,
    entries: &[Entry],
    first: i64,
    last: i64,
) -> Vec<DayValue> {
    let mut entries = entries.iter().peekable();
    let mut days = Vec::new();
    for day in first..=last {
        let (mut inflow, mut outflow, mut moved) = (0, 0, false);
        while let Some(entry) = entries.next_if(|entry| day_of(entry.counts_from) <= day) {
            holdings.apply(entry);
            inflow += entry.flow.max(0);
            outflow -= entry.flow.min(0);
            moved = true;
        }
        if !moved && holdings.is_empty() {
            continue;
        }
        days.push(DayValue {
            day,
            market_value: holdings.market_value(currency, |symbol| prices.close(symbol, day)),
            inflow,
            outflow,
            traded: prices.traded(day, &holdings),
            holdings: holdings.clone(),
        });
    }
    days
}
