//! Prices from somebody's HTTP API, asked for gently. A provider is a variant of [`Source`] and a file that knows its
//! shapes; a second one is one more of each.
//!
//! Invariants: no more requests a minute than were agreed on. After a failure nothing is asked for a while, which doubles
//! with each failure in a row and has some chance in it, so that many instances do not come back in one moment; then one
//! request finds out whether the provider is well again. What it asks us to wait we wait.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hyper::{StatusCode, header::RETRY_AFTER};
use jiff::{SignedDuration, Timestamp, civil::Date};
use stockade_domain::{quote::Quote, symbol::Symbol};

use super::{Alpaca, Bar};
use crate::web_client::{WebError, WebResponse};

/// Symbols asked for at once.
const SYMBOLS: usize = 100;
/// The first wait after a failure, and the longest.
const FIRST_WAIT_MS: i64 = 1_000;
const LONGEST_WAIT_MS: i64 = 5 * 60 * 1_000;

/// Whose prices.
#[derive(Debug)]
pub enum Source {
    /// Alpaca's market data.
    Alpaca(Alpaca),
}

/// A source and how it has behaved.
#[derive(Debug)]
pub struct Provider {
    source: Source,
    /// Requests a minute at most.
    per_minute: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When requests of the last minute were made.
    asked: VecDeque<Timestamp>,
    /// Failures since the last success.
    failures: u32,
    /// Nothing is asked before this.
    resting_until: Option<Timestamp>,
}

/// Why there are no prices from the provider. None of it names the key.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// It could not be reached.
    #[error("the provider could not be asked: {0}")]
    Web(#[from] WebError),
    /// It will not answer, mostly because of the key.
    #[error("the provider refuses, with {0}")]
    Refused(u16),
    /// We asked too often; it may say for how many seconds we must not ask.
    #[error("the provider is asked too often")]
    TooOften(Option<i64>),
    /// It fails.
    #[error("the provider fails, with {0}")]
    Failing(u16),
    /// Its answer has another shape than it documents.
    #[error("the provider's answer cannot be read")]
    Unreadable,
    /// It was not asked, because it has just failed.
    #[error("the provider is not asked before {0}")]
    Resting(Timestamp),
    /// It was not asked, because it was asked as often as was agreed.
    #[error("the provider was asked as often as it may be in a minute")]
    Spent,
}

impl Provider {
    /// Asks `source` at most so many times a minute.
    pub fn new(source: Source, per_minute: usize) -> Self {
        Self {
            source,
            per_minute,
            state: Mutex::default(),
        }
    }

    /// The newest quotes of these symbols, as far as the provider knows them. `chance` is any random number.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub async fn quotes(
        &self,
        symbols: &[Symbol],
        now: Timestamp,
        chance: u64,
    ) -> Result<Vec<(Symbol, Quote)>, FeedError> {
        let mut found = Vec::with_capacity(symbols.len());
        for some in symbols.chunks(SYMBOLS) {
            self.may_ask(now)?;
            let answer = match &self.source {
                Source::Alpaca(alpaca) => alpaca.quotes(some).await,
            };
            found.extend(self.learn(answer, now, chance)?);
        }
        Ok(found)
    }

    /// Prices of whole days since `since`, as they were on those days.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub async fn days(
        &self,
        symbols: &[Symbol],
        since: Date,
        now: Timestamp,
        chance: u64,
    ) -> Result<Vec<(Symbol, Bar)>, FeedError> {
        let mut found = Vec::new();
        for some in symbols.chunks(SYMBOLS) {
            self.may_ask(now)?;
            let answer = match &self.source {
                Source::Alpaca(alpaca) => alpaca.days(some, since).await,
            };
            found.extend(self.learn(answer, now, chance)?);
        }
        Ok(found)
    }

    fn may_ask(&self, now: Timestamp) -> Result<(), FeedError> {
        let mut state = self.state();
        if let Some(until) = state.resting_until.filter(|until| now < *until) {
            return Err(FeedError::Resting(until));
        }
        let minute_ago = now - SignedDuration::from_secs(60);
        while state.asked.front().is_some_and(|asked| *asked <= minute_ago) {
            state.asked.pop_front();
        }
        if state.asked.len() >= self.per_minute {
            return Err(FeedError::Spent);
        }
        state.asked.push_back(now);
        Ok(())
    }

    fn learn<T>(&self, answer: Result<T, FeedError>, now: Timestamp, chance: u64) -> Result<T, FeedError> {
        let mut state = self.state();
        match &answer {
            Ok(_) => (state.failures, state.resting_until) = (0, None),
            Err(error) => {
                let wait = wait_after(state.failures, error, chance);
                state.failures = state.failures.saturating_add(1);
                state.resting_until = Some(now + wait);
            }
        }
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between half the wait and all of it; never less than we were asked to wait.
fn wait_after(failures: u32, error: &FeedError, chance: u64) -> SignedDuration {
    let whole = FIRST_WAIT_MS
        .saturating_mul(1 << failures.min(20))
        .min(LONGEST_WAIT_MS);
    let jitter = i64::try_from(chance % 1_000).unwrap_or(0);
    let wait = SignedDuration::from_millis(whole / 2 + whole / 2 * jitter / 1_000);
    match error {
        FeedError::TooOften(Some(seconds)) => wait.max(SignedDuration::from_secs((*seconds).clamp(0, 3_600))),
        _ => wait,
    }
}

impl FeedError {
    /// The answer, if it is one.
    pub(super) fn check(answer: WebResponse) -> Result<WebResponse, Self> {
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = answer.headers.get(RETRY_AFTER);
                Err(Self::TooOften(
                    wait.and_then(|wait| wait.to_str().ok()?.parse().ok()),
                ))
            }
            status if status.is_server_error() => Err(Self::Failing(status.as_u16())),
            status => Err(Self::Refused(status.as_u16())),
        }
    }
}
