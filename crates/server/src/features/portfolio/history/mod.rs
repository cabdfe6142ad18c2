//! What happened to each account, by account: the ledger's lines lie in the order of posting, so a job copies what they
//! did to where an account's history can be read without looking at everybody's.
//!
//! Invariants: an entry is exactly what a posting did to an account; the history is whole up to its progress, and what
//! was posted since is read from the ledger itself, so whoever asks sees everything. It can be made anew at any time.
//!
//! Tables: `account_history`, `history_progress`.

mod store;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use stockade_domain::{
    ids::{AccountId, PostingId},
    money::{AmountError, Money},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, Queryable, Reader, Tx};
use uuid::Uuid;

pub(super) use store::{Wanted, covered, goes_on, shares_before};

use super::value;
use crate::{
    app::App,
    core::bookkeeping::bookkeep,
    features::ledger::{Effect, effects, first_posting_at, time_of},
    http::error::{ApiResult, Problem},
};

/// How far the job stays behind the present. On PostgreSQL a posting may commit after a later one; none takes as long.
const BEHIND: SignedDuration = SignedDuration::from_secs(30);

/// Progress is written at least this often while nothing happens, so that days can end.
const IDLE: SignedDuration = SignedDuration::from_secs(60);

/// Stretches of the ledger that one turn of the job, or one look at the present, goes through at most.
const STRETCHES: usize = 50;

/// What one posting did to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) posting: PostingId,
    /// From when on holdings count it: from its posting, but a split's from the instant that prices count it.
    pub(super) counts_from: Timestamp,
    /// `buy`, `sell`, or what the ledger calls it.
    pub(super) kind: String,
    pub(super) cause: Uuid,
    /// In minor units, fees included.
    pub(super) cash: i64,
    pub(super) fee: i64,
    /// What of it came from outside, or went there.
    pub(super) flow: i64,
    /// In 10⁻⁹.
    pub(super) shares: Option<(Symbol, i64)>,
}

impl Entry {
    pub(super) fn at(&self) -> Timestamp {
        time_of(self.posting)
    }

    /// What one share changed hands for; `None` where no shares did, or for nothing.
    pub(super) fn price(&self, currency: stockade_domain::currency::Currency) -> Option<Price> {
        let (_, shares) = self.shares?;
        // A buyer pays the fee on top, a seller out of the proceeds: either way cash + fee is what the shares cost.
        let paid = self
            .cash
            .checked_add(self.fee)?
            .checked_abs()
            .filter(|paid| *paid > 0)?;
        let average: Result<Price, AmountError> = Price::average(
            Money::new(paid, currency),
            Quantity::from_nanos(shares.checked_abs()?),
        );
        average.ok()
    }
}

impl From<Effect> for Entry {
    fn from(effect: Effect) -> Self {
        let kind = match (effect.kind.as_str(), effect.shares) {
            ("trade", Some((_, shares))) if shares < 0 => "sell".to_owned(),
            ("trade", _) => "buy".to_owned(),
            _ => effect.kind,
        };
        Self {
            posting: effect.posting,
            counts_from: time_of(effect.posting),
            kind,
            cause: effect.cause,
            cash: effect.cash,
            fee: effect.fee,
            flow: effect.flow,
            shares: effect.shares,
        }
    }
}

/// Copies what was posted since the last turn; answers how many entries that were.
pub async fn follow_ledger(app: &App) -> ApiResult<usize> {
    Ok(copy_stretches(app).await?.0)
}

/// Answers also whether more is left to be copied.
async fn copy_stretches(app: &App) -> ApiResult<(usize, bool)> {
    let mut done = 0;
    for _ in 0..STRETCHES {
        let bound = first_posting_at(app.clock.now() - BEHIND);
        let (from, found) = app
            .read(async move |reader: &mut Reader| {
                let from = covered(reader).await?;
                Ok::<_, DbError>((from, effects(reader, from, bound).await?))
            })
            .await?;
        let to = found.next.unwrap_or(bound);
        // A full stretch without effects is only holds, however little time it took: there is more behind it.
        let is_idle = found.next.is_none()
            && found.items.is_empty()
            && time_of(to).duration_since(time_of(from)) < IDLE;
        if to <= from || is_idle {
            return Ok((done, false));
        }
        done += found.items.len();
        let is_last = found.next.is_none();
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            copy(tx, from, to, &found.items).await
        })
        .await?;
        if is_last {
            return Ok((done, false));
        }
    }
    Ok((done, true))
}

/// Writes a stretch, unless another instance was faster.
async fn copy(tx: &mut Tx, from: PostingId, to: PostingId, effects: &[Effect]) -> DbResult<()> {
    if !store::move_on(tx, from, to).await? {
        return Ok(());
    }
    let mut first_days: BTreeMap<AccountId, i64> = BTreeMap::new();
    for effect in effects {
        // In the order of posting, so the first of an account is its earliest.
        let day = value::day_of(effect.at());
        first_days.entry(effect.account).or_insert(day);
    }
    store::insert(tx, effects)?;
    for (account, day) in first_days {
        value::enlist(tx, account, day)?;
    }
    Ok(())
}

/// Everything of an account that counts from an instant on, in the order in which it does, up to the present.
///
/// # Errors
/// 503 when the job is so far behind that the rest of the ledger is too long to read for one request.
pub(super) async fn since(
    app: &App,
    on: &mut impl Queryable,
    account: AccountId,
    from: Timestamp,
) -> ApiResult<Vec<Entry>> {
    let first = first_posting_at(from);
    let mut found = store::from(on, account, first).await?;
    let rest = not_copied_yet(on, account).await?;
    found.extend(rest.into_iter().filter(|entry| entry.posting >= first));
    for entry in &mut found {
        // A split reaches holders some seconds after it took effect. Prices are in new shares at once, and at midnight
        // that would be the difference of a day.
        let split = entry
            .shares
            .and_then(|(symbol, _)| app.splits.took_effect(symbol, entry.cause));
        entry.counts_from = split.unwrap_or(entry.counts_from);
    }
    found.retain(|entry| entry.counts_from >= from);
    found.sort_by_key(|entry| (entry.counts_from, entry.posting));
    Ok(found)
}

/// One page of what happened, newest first.
pub(super) async fn page(
    on: &mut impl Queryable,
    account: AccountId,
    wanted: &Wanted,
    most: i64,
) -> ApiResult<Vec<Entry>> {
    let mut found: Vec<Entry> = not_copied_yet(on, account).await?;
    found.retain(|entry| wanted.wants(entry));
    found.sort_by_key(|entry| std::cmp::Reverse(entry.posting));
    let left = most - (found.len() as i64).min(most);
    if left > 0 {
        found.extend(store::page(on, account, wanted, left).await?);
    }
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// What was posted after the job's last turn.
async fn not_copied_yet(on: &mut impl Queryable, account: AccountId) -> ApiResult<Vec<Entry>> {
    let mut after = covered(on).await?;
    let mut found = Vec::new();
    for _ in 0..STRETCHES {
        let stretch = effects(on, after, PostingId::from_uuid(Uuid::max())).await?;
        let own = stretch
            .items
            .into_iter()
            .filter(|effect| effect.account == account);
        found.extend(own.map(Entry::from));
        match stretch.next {
            Some(next) => after = next,
            None => return Ok(found),
        }
    }
    let detail = "very much is being traded; your history is a little behind";
    Err(Problem::unavailable("portfolio.behind", detail, 5).into())
}

/// When the account's history begins; `None` when nothing happened yet.
pub(super) async fn first(on: &mut impl Queryable, account: AccountId) -> ApiResult<Option<Timestamp>> {
    if let Some(posting) = store::first(on, account).await? {
        return Ok(Some(time_of(posting)));
    }
    Ok(not_copied_yet(on, account).await?.first().map(Entry::at))
}

/// Forgets everything derived and makes it anew from the ledger and from prices as they are known now; tells what
/// it makes and how many so far, and answers how many entries there are. Whoever looks meanwhile sees figures grow.
///
/// # Errors
/// When the database is away; the jobs then go on with it.
pub async fn rebuild(app: &App, progress: impl Fn(&'static str, usize)) -> ApiResult<usize> {
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::forget(tx).await?;
        value::forget(tx).await
    })
    .await?;
    let (mut entries, mut goes_on) = (0, true);
    while goes_on {
        let (some, more) = copy_stretches(app).await?;
        (entries, goes_on) = (entries + some, more);
        progress("entries", entries);
    }
    let mut days = 0;
    loop {
        match value::close_days(app).await? {
            0 => return Ok(entries),
            some => days += some,
        }
        progress("daily values", days);
    }
}
