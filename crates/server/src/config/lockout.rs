//! `[lockout]`: how many failures an authenticator takes before it rests.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use stockade_domain::lockout::LockoutPolicy;

use super::field::{hours, minutes, within};

/// When authenticators lock. No bound lets a guesser have more than a hundred failures in a row (NIST SP 800-63B-4 §3.2.2).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockout {
    /// Failures that lock.
    #[serde(deserialize_with = "within::<2, 10, _, _>")]
    pub failures: usize,
    /// Within which they count.
    #[serde(rename = "window_minutes", deserialize_with = "minutes::<5, 1_440, _>")]
    pub window: Duration,
    /// How long the first lock lasts.
    #[serde(rename = "first_lock_minutes", deserialize_with = "minutes::<5, 1_440, _>")]
    pub first_lock: Duration,
    /// How long a further lock lasts.
    #[serde(
        rename = "repeated_lock_minutes",
        deserialize_with = "minutes::<5, 10_080, _>"
    )]
    pub repeated_lock: Duration,
    /// A lock is a further one when the one before began this recently.
    #[serde(rename = "memory_hours", deserialize_with = "hours::<1, 720, _>")]
    pub memory: Duration,
    /// Failures in a row after which unknown devices wait for the owner's confirmation by mail.
    #[serde(deserialize_with = "within::<10, 100, _, _>")]
    pub confirm_after: i64,
}

impl Lockout {
    /// The same as the rule takes it.
    pub fn policy(&self) -> LockoutPolicy {
        let signed = |time| SignedDuration::try_from(time).expect("a month or less");
        LockoutPolicy {
            failures: self.failures,
            window: signed(self.window),
            first_lock: signed(self.first_lock),
            repeated_lock: signed(self.repeated_lock),
            memory: signed(self.memory),
            confirm_after: self.confirm_after,
        }
    }
}
