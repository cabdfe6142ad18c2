//! Lockout: how many failures an authenticator takes before it rests.
//!
//! As it comes, five failures within a quarter of an hour lock for a quarter, and once more within a day for an hour; a
//! lock ends by itself (ASVS 6.3.1). After a hundred failures in a row, which is the most that NIST SP 800-63B-4 §3.2.2
//! allows, the owner must first confirm by mail. Whoever keeps the counters decides what each one counts: one an authenticator, and one
//! more a trusted device, so that a stranger's failures never lock the owner's own device.

use jiff::{SignedDuration, Timestamp};

/// How much an authenticator takes.
#[derive(Clone, Copy, Debug)]
pub struct LockoutPolicy {
    /// Failures that lock.
    pub failures: usize,
    /// Within which they count.
    pub window: SignedDuration,
    /// How long the first lock lasts.
    pub first_lock: SignedDuration,
    /// How long a further lock lasts.
    pub repeated_lock: SignedDuration,
    /// A lock is a further one when the one before began this recently.
    pub memory: SignedDuration,
    /// Failures in a row after which the owner must confirm by mail.
    pub confirm_after: i64,
}

impl Default for LockoutPolicy {
    fn default() -> Self {
        Self {
            failures: 5,
            window: SignedDuration::from_mins(15),
            first_lock: SignedDuration::from_mins(15),
            repeated_lock: SignedDuration::from_hours(1),
            memory: SignedDuration::from_hours(24),
            confirm_after: 100,
        }
    }
}

/// The failures of one authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailureCounter {
    /// When the failures happened that may still lock, oldest first.
    pub recent: Vec<Timestamp>,
    /// Failures since the last success.
    pub in_a_row: i64,
    /// Until when it is locked.
    pub locked_until: Option<Timestamp>,
    /// When the last lock began.
    pub locked_at: Option<Timestamp>,
}

/// Whether an authenticator may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Open,
    /// Not before this instant.
    Locked(Timestamp),
    /// Not before the owner has confirmed by mail.
    NeedsConfirmation,
}

impl FailureCounter {
    /// Whether the authenticator may be tried now.
    #[must_use]
    pub fn standing(&self, now: Timestamp, policy: &LockoutPolicy) -> Standing {
        match self.locked_until {
            Some(until) if until > now => Standing::Locked(until),
            _ if self.in_a_row >= policy.confirm_after => Standing::NeedsConfirmation,
            _ => Standing::Open,
        }
    }

    /// Counts a failure; answers until when the authenticator is locked, if this failure locked it.
    pub fn fail(&mut self, now: Timestamp, policy: &LockoutPolicy) -> Option<Timestamp> {
        self.in_a_row = self.in_a_row.saturating_add(1);
        // A failure that seems to lie ahead, because the clock went back, still counts.
        self.recent.retain(|at| now.duration_since(*at) < policy.window);
        self.recent.push(now);
        if self.recent.len() < policy.failures {
            return None;
        }
        let repeated = self
            .locked_at
            .is_some_and(|at| now.duration_since(at) < policy.memory);
        let until = now
            + if repeated {
                policy.repeated_lock
            } else {
                policy.first_lock
            };
        self.recent.clear();
        self.locked_at = Some(now);
        self.locked_until = Some(until);
        Some(until)
    }

    /// Counts a success. That there was a lock today is still remembered.
    pub fn succeed(&mut self) {
        self.recent.clear();
        self.in_a_row = 0;
        self.locked_until = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn fail_at(
        counter: &mut FailureCounter,
        seconds: impl IntoIterator<Item = i64>,
    ) -> Vec<Option<Timestamp>> {
        let policy = LockoutPolicy::default();
        seconds
            .into_iter()
            .map(|second| counter.fail(at(second), &policy))
            .collect()
    }

    #[test]
    fn the_fifth_failure_within_the_window_locks_for_a_quarter_and_then_for_an_hour() {
        let (mut counter, policy) = (FailureCounter::default(), LockoutPolicy::default());
        let fates = fail_at(&mut counter, [0, 1, 2, 3, 4]);
        assert_eq!(fates, [None, None, None, None, Some(at(4 + 15 * MINUTE))]);
        assert_eq!(
            counter.standing(at(5), &policy),
            Standing::Locked(at(4 + 15 * MINUTE))
        );
        assert_eq!(counter.standing(at(4 + 15 * MINUTE), &policy), Standing::Open);
        let later = 4 + 16 * MINUTE;
        assert_eq!(
            fail_at(&mut counter, later..later + 5)[4],
            Some(at(later + 4 + 60 * MINUTE))
        );
        let next_week = 7 * 24 * 60 * MINUTE;
        let fates = fail_at(&mut counter, next_week..next_week + 5);
        assert_eq!(
            fates[4],
            Some(at(next_week + 4 + 15 * MINUTE)),
            "a week later it starts anew"
        );
    }

    #[test]
    fn failures_far_apart_do_not_lock_until_there_are_a_hundred() {
        let (mut counter, policy) = (FailureCounter::default(), LockoutPolicy::default());
        for failure in 0..99 {
            assert_eq!(fail_at(&mut counter, [failure * 16 * MINUTE]), [None]);
        }
        assert_eq!(counter.standing(at(100 * 16 * MINUTE), &policy), Standing::Open);
        fail_at(&mut counter, [100 * 16 * MINUTE]);
        assert_eq!(
            counter.standing(at(101 * 16 * MINUTE), &policy),
            Standing::NeedsConfirmation
        );
        counter.succeed();
        assert_eq!(counter.standing(at(101 * 16 * MINUTE), &policy), Standing::Open);
    }

    #[test]
    fn a_success_forgets_failures_and_a_clock_that_goes_back_does_not() {
        let mut counter = FailureCounter::default();
        fail_at(&mut counter, 0..4);
        counter.succeed();
        assert_eq!(fail_at(&mut counter, 4..8), [None; 4]);
        assert!(fail_at(&mut counter, [-3_600])[0].is_some());
    }
}
