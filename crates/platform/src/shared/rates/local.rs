//! Rates in this process: a table of fixed size, so that a flood of new somebodies costs no memory.
//!
//! Somebody's place is one of eight in a set that a keyed hash names, and each set has a lock of its own, so two requests
//! hardly ever meet. Where all eight are taken, who is nearest to having paid is forgotten: a flood of addresses can
//! make the table forgiving, never unjust.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{Quota, Spend, Standing, micros};

/// Sets of a table; the whole takes less than a megabyte.
const SETS: usize = 1 << 12;
const PLACES: usize = 8;

/// Who is how far ahead of the present.
#[derive(Debug)]
pub(in crate::shared) struct LocalRates(Table);

impl LocalRates {
    pub(in crate::shared) fn new() -> Self {
        Self(Table::new(SETS))
    }

    /// See [`super::Shared::spend`].
    pub(in crate::shared) fn spend<const N: usize>(
        &self,
        spends: [Spend<'_>; N],
        now: Timestamp,
    ) -> [Standing; N] {
        let mut refused = false;
        spends.map(|spend| {
            if refused {
                return Standing::admitted(spend.quota.limit);
            }
            let standing = self.spend_one(spend, micros(now));
            refused = !standing.admitted;
            standing
        })
    }

    fn spend_one(&self, spend: Spend<'_>, now: u64) -> Standing {
        let key = self.0.key(&spend);
        let mut set = self.0.set(key);
        let place = set.find(key, now);
        let (paid, standing) = judge(spend.quota, place.until, now);
        place.until = paid;
        standing
    }
}

/// When all would be paid for after one more, and what is said of that one.
fn judge(quota: Quota, paid: u64, now: u64) -> (u64, Standing) {
    let step = quota.step_micros();
    let ahead = paid.saturating_sub(now);
    let room = quota.window.saturating_sub(ahead) / step;
    if room == 0 {
        return (
            paid,
            Standing::refused((ahead + step).saturating_sub(quota.window)),
        );
    }
    (now + ahead + step, Standing::admitted(room - 1))
}

/// Numbers by hashed keys, in sets.
#[derive(Debug)]
pub(super) struct Table {
    sets: Box<[Mutex<Set>]>,
    /// Keyed with a random seed, so nobody outside can aim at one set.
    hasher: RandomState,
}

/// The places that share a lock.
#[derive(Debug, Default)]
pub(super) struct Set([Place; PLACES]);

/// What is known of one somebody. It counts until a time, and then as nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    key: u64,
    /// Microseconds since the Unix epoch.
    pub(super) until: u64,
    pub(super) units: u64,
}

impl Table {
    pub(super) fn new(sets: usize) -> Self {
        Self {
            sets: (0..sets).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }

    pub(super) fn key(&self, spend: &Spend<'_>) -> u64 {
        self.hasher.hash_one((spend.name, spend.who))
    }

    pub(super) fn set(&self, key: u64) -> MutexGuard<'_, Set> {
        let at = key as usize % self.sets.len();
        self.sets[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Set {
    /// The key's place, or an empty one for it in place of whoever matters least.
    pub(super) fn find(&mut self, key: u64, now: u64) -> &mut Place {
        let known = self
            .0
            .iter()
            .position(|place| place.key == key && place.until > now);
        let at = known.unwrap_or_else(|| {
            let least = (0..PLACES).min_by_key(|at| self.0[*at].until).unwrap_or(0);
            self.0[least] = Place {
                key,
                ..Place::default()
            };
            least
        });
        &mut self.0[at]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_flood_of_strangers_is_forgotten_before_who_owes_most() {
        let rates = LocalRates(Table::new(1));
        let quota = Quota::new(5, Duration::from_secs(60));
        let spend = |who| {
            rates.spend(
                [Spend {
                    name: "x",
                    who,
                    quota,
                }],
                at(0),
            )[0]
        };
        for _ in 0..5 {
            assert!(spend(0).admitted);
        }
        for stranger in 1..1_000 {
            assert!(spend(stranger).admitted);
        }
        assert!(!spend(0).admitted);
    }

    #[test]
    fn the_highest_rates_still_count() {
        let rates = LocalRates::new();
        let quota = Quota::new(u64::MAX, Duration::from_secs(1));
        let spend = Spend {
            name: "x",
            who: 1,
            quota,
        };
        let standing = rates.spend([spend], at(0))[0];
        assert_eq!(standing, Standing::admitted(999_999));
    }
}
