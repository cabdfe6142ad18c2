//! Shared state of a single process. Time comes from the clock it is given; each kind of entry has room of its own, so
//! a flood of counters cannot push out a revocation.

mod table;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;

pub(in crate::shared) use self::table::Table;
use super::{
    SharedError,
    hub::{Delivery, Hub, Subscription},
    rates::{LocalRates, Spend, Standing},
    revocations::{Loading, LocalRevocations, Revocation},
};
use crate::clock::Clock;

/// Living entries of one kind that a process keeps at most, some 150 bytes each.
const CAPACITY: usize = 1 << 17;

/// See [`super::Shared`] for what each call means.
#[derive(Debug)]
pub struct Memory {
    clock: Clock,
    counters: Table,
    tokens: Table,
    flags: Table,
    rates: LocalRates,
    revocations: LocalRevocations,
    hub: Arc<Hub>,
}

impl Memory {
    /// Empty shared state that lives by `clock`.
    pub fn new(clock: Clock) -> Self {
        Self::with_capacity(clock, CAPACITY)
    }

    /// The same with room for `capacity` entries of each kind.
    pub fn with_capacity(clock: Clock, capacity: usize) -> Self {
        Self {
            clock,
            counters: Table::new(capacity),
            tokens: Table::new(capacity),
            flags: Table::new(capacity),
            rates: LocalRates::new(),
            revocations: LocalRevocations::new(capacity),
            hub: Arc::default(),
        }
    }

    /// See [`super::Shared::count`].
    ///
    /// # Errors
    /// [`SharedError::Full`].
    pub fn count(&self, key: &str, window: Duration) -> Result<u64, SharedError> {
        self.counters.add(key, self.clock.now(), window)
    }

    /// See [`super::Shared::once`].
    ///
    /// # Errors
    /// [`SharedError::Full`].
    pub fn once(&self, key: &str, ttl: Duration) -> Result<bool, SharedError> {
        Ok(self.tokens.add(key, self.clock.now(), ttl)? == 1)
    }

    /// See [`super::Shared::set_flag`].
    ///
    /// # Errors
    /// [`SharedError::Full`].
    pub fn set_flag(&self, key: &str, ttl: Duration) -> Result<(), SharedError> {
        self.flags.put(key, self.clock.now(), ttl)
    }

    /// See [`super::Shared::flags`].
    pub fn flags(&self, keys: &[&str]) -> Vec<bool> {
        let now = self.clock.now();
        keys.iter().map(|key| self.flags.has(key, now)).collect()
    }

    /// See [`super::Shared::spend`].
    pub fn spend<const N: usize>(&self, spends: [Spend<'_>; N], now: Timestamp) -> [Standing; N] {
        self.rates.spend(spends, now)
    }

    /// See [`super::Shared::publish`].
    pub fn publish(&self, channel: &str, message: Bytes) {
        self.hub.deliver(channel, Delivery::Message(message));
    }

    /// See [`super::Shared::subscribe`].
    pub fn subscribe(&self, channel: &str) -> Subscription {
        self.hub.subscribe(channel)
    }

    pub(super) fn revoke(&self, id: &str, ttl: Duration) -> Result<(), SharedError> {
        self.revocations.mark(id, self.clock.now(), ttl)
    }

    pub(super) fn revocation(&self, id: &str) -> Revocation {
        self.revocations.check(id, self.clock.now())
    }

    pub(super) fn begin_loading(&self) -> Loading {
        self.revocations.begin_loading()
    }

    pub(super) fn finish_loading(&self, loading: &Loading) -> bool {
        self.revocations.finish_loading(loading)
    }
}
