//! Which sessions are revoked, as fast as memory and never more trusting than the database.
//!
//! The database is the truth; this is a copy of its living revocations. The copy answers [`Revocation::NotRevoked`]
//! only while it is known to be whole: after somebody has loaded it, and until a mark is lost or Redis restarts (even
//! from a snapshot) or is away. Otherwise the answer is [`Revocation::Unknown`], and the caller reads the database.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::{Shared, SharedError, memory::Table};
use crate::random;

/// What shared state knows about one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Revoked, and its tokens may still be alive.
    Revoked,
    /// Not revoked.
    NotRevoked,
    /// The copy is not whole: ask the database.
    Unknown,
}

/// A copy of the revocations that is being loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Which life of the store it is for: a restarted Redis is another store.
    pub(super) store: String,
    /// Told apart from other loadings by chance.
    pub(super) ticket: String,
}

impl Shared {
    /// Marks a session as revoked for `ttl`, the longest that any of its tokens still lives. Call it after the
    /// revocation is committed. A call that fails, or is given up half-way, makes every later check on this process
    /// Unknown at once, and on all others as soon as Redis hears of it, until the copy is loaded again.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`], [`SharedError::Full`]. The revocation itself holds: the database has it.
    pub async fn revoke(&self, id: &str, ttl: Duration) -> Result<(), SharedError> {
        match self {
            Self::Memory(memory) => memory.revoke(id, ttl),
            Self::Redis(redis) => redis.revoke(id, ttl).await,
        }
    }

    /// Whether a session is revoked, in at most one round trip.
    pub async fn revocation(&self, id: &str) -> Revocation {
        match self {
            Self::Memory(memory) => memory.revocation(id),
            Self::Redis(redis) => redis.revocation(id).await,
        }
    }

    /// Whether the copy is whole, so that checks need no database. If not, load it.
    pub async fn revocations_are_loaded(&self) -> bool {
        // No session has an empty id, so the answer is about the copy alone.
        self.revocation("").await == Revocation::NotRevoked
    }

    /// Begins to load the copy. Read the living revocations from the database **after** this returns, mark each with
    /// [`Shared::revoke`], then call [`Shared::finish_loading`].
    ///
    /// # Errors
    /// [`SharedError::Unavailable`].
    pub async fn begin_loading(&self) -> Result<Loading, SharedError> {
        match self {
            Self::Memory(memory) => Ok(memory.begin_loading()),
            Self::Redis(redis) => redis.begin_loading().await,
        }
    }

    /// Declares the copy whole. False when a mark was lost, the store was restarted or another loading began since:
    /// the copy then stays Unknown, and loading begins again.
    ///
    /// # Errors
    /// [`SharedError::Unavailable`].
    pub async fn finish_loading(&self, loading: &Loading) -> Result<bool, SharedError> {
        match self {
            Self::Memory(memory) => Ok(memory.finish_loading(loading)),
            Self::Redis(redis) => redis.finish_loading(loading).await,
        }
    }
}

impl Loading {
    pub(super) fn new(store: &str) -> Self {
        let ticket = u128::from_be_bytes(random::bytes());
        Self {
            store: store.to_owned(),
            ticket: format!("{ticket:032x}"),
        }
    }
}

/// The copy inside one process.
#[derive(Debug)]
pub(super) struct LocalRevocations {
    marks: Table,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Unknown,
    Loading(Loading),
    Whole,
}

impl LocalRevocations {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            marks: Table::new(capacity),
            state: Mutex::new(State::Unknown),
        }
    }

    pub(super) fn mark(&self, id: &str, now: Timestamp, ttl: Duration) -> Result<(), SharedError> {
        self.marks
            .put(id, now, ttl)
            .inspect_err(|_| *self.state() = State::Unknown)
    }

    pub(super) fn check(&self, id: &str, now: Timestamp) -> Revocation {
        if self.marks.has(id, now) {
            Revocation::Revoked
        } else if matches!(*self.state(), State::Whole) {
            Revocation::NotRevoked
        } else {
            Revocation::Unknown
        }
    }

    pub(super) fn begin_loading(&self) -> Loading {
        let loading = Loading::new("memory");
        let mut state = self.state();
        // A whole copy stays in use while it is loaded once more.
        if !matches!(*state, State::Whole) {
            *state = State::Loading(loading.clone());
        }
        loading
    }

    pub(super) fn finish_loading(&self, loading: &Loading) -> bool {
        let mut state = self.state();
        let ours = matches!(&*state, State::Loading(current) if current == loading);
        if ours {
            *state = State::Whole;
        }
        ours || matches!(*state, State::Whole)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
