//! Rates: how often somebody may do something, by GCRA (ITU-T I.371 annex A, the virtual scheduling algorithm).
//!
//! Of each somebody one number is kept: the time at which all they have done would be paid for, had they kept to the rate.
//! It may lie ahead of the present by one window at most. Counting is whole microseconds on both sides, so memory and
//! Redis decide alike. Nothing here is the truth about security: when Redis is away, this process counts for itself.
//!
//! Own, rather than `governor`: its memory grows with every address that a flood invents until somebody sweeps it, it
//! keeps time by clocks of its own, which stories cannot move, and the side in Redis would count differently.

mod local;
mod prepaid;

use std::time::Duration;

use jiff::Timestamp;

pub(super) use self::{local::LocalRates, prepaid::Prepaid};
use super::Shared;

/// So many in a time, all at once if they come so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    limit: u64,
    window: u64,
}

impl Quota {
    /// `limit` in each `window`; both at least one, the window in microseconds.
    pub fn new(limit: u64, window: Duration) -> Self {
        let window = u64::try_from(window.as_micros()).unwrap_or(u64::MAX).max(1);
        Self {
            limit: limit.max(1),
            window: window.min(1 << 50),
        }
    }

    /// How many in a window.
    pub fn limit(self) -> u64 {
        self.limit
    }

    /// The window.
    pub fn window(self) -> Duration {
        Duration::from_micros(self.window)
    }

    /// The time that one costs.
    pub fn step(self) -> Duration {
        Duration::from_micros(self.step_micros())
    }

    fn step_micros(self) -> u64 {
        (self.window / self.limit).max(1)
    }
}

/// One more for somebody, on one quota.
#[derive(Clone, Copy, Debug)]
pub struct Spend<'a> {
    /// Which quota.
    pub name: &'a str,
    /// Who, among those the quota tells apart.
    pub who: u128,
    /// How many they may.
    pub quota: Quota,
}

/// Where somebody stands on a quota after a [`Spend`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it was within the quota.
    pub admitted: bool,
    /// How many more there are at once.
    pub remaining: u64,
    /// When not admitted: how long until one is.
    pub wait: Duration,
}

impl Standing {
    pub(super) fn admitted(remaining: u64) -> Self {
        Self {
            admitted: true,
            remaining,
            wait: Duration::ZERO,
        }
    }

    pub(super) fn refused(micros: u64) -> Self {
        Self {
            admitted: false,
            remaining: 0,
            wait: Duration::from_micros(micros),
        }
    }
}

impl Shared {
    /// Counts one on each quota in turn, in one round trip, until one refuses; those after it are left alone and read as
    /// untouched. `now` is the present as this process knows it; Redis goes by its own clock.
    pub async fn spend<const N: usize>(&self, spends: [Spend<'_>; N], now: Timestamp) -> [Standing; N] {
        match self {
            Self::Memory(memory) => memory.spend(spends, now),
            Self::Redis(redis) => redis.spend(spends, now).await,
        }
    }
}

/// Microseconds since the Unix epoch.
fn micros(now: Timestamp) -> u64 {
    u64::try_from(now.as_microsecond()).unwrap_or(0)
}
