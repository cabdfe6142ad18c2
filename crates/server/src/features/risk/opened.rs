//! Profiles as this instance last stored them, so that the next transaction of the same person need not open theirs again.
//!
//! Invariant: one counts only while the person's row holds the very ciphertext it was stored as. So whatever another
//! instance, a rollback or an erasure does, the row decides. Clear text stays for two minutes at most while anybody trades,
//! and not beyond its owner's erasure.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::{ids::UserId, risk::Profile};

/// How long a generation takes in profiles, and how many.
const AGE: SignedDuration = SignedDuration::from_mins(1);
const ROOM: usize = 2_048;

/// The profiles of those who traded lately.
#[derive(Default)]
pub(super) struct Opened(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    since: Timestamp,
    young: HashMap<UserId, Stored>,
    old: HashMap<UserId, Stored>,
    /// Whose profile a unit may still be about to keep, though they are gone.
    erased: HashSet<UserId>,
}

/// A profile, and what it was sealed to.
struct Stored {
    sealed: Vec<u8>,
    profile: Profile,
}

impl Opened {
    /// The profile that was sealed to this, if it is at hand.
    pub(super) fn take(&self, user: UserId, sealed: &[u8]) -> Option<Profile> {
        let mut held = self.lock();
        let stored = held.young.remove(&user).or_else(|| held.old.remove(&user))?;
        (stored.sealed == sealed).then_some(stored.profile)
    }

    /// Keeps a profile that is about to be stored.
    pub(super) fn keep(&self, user: UserId, sealed: Vec<u8>, profile: Profile, now: Timestamp) {
        let mut held = self.lock();
        if held.erased.contains(&user) {
            return;
        }
        if held.young.len() >= ROOM || now.duration_since(held.since).abs() >= AGE {
            held.old = std::mem::take(&mut held.young);
            held.since = now;
        }
        held.young.insert(user, Stored { sealed, profile });
    }

    /// Drops the profile of an erased person, for good.
    pub(super) fn forget(&self, user: UserId) {
        let mut held = self.lock();
        held.young.remove(&user);
        held.old.remove(&user);
        held.erased.insert(user);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    #[test]
    fn only_what_the_row_holds_counts() {
        let opened = Opened::default();
        opened.keep(person(1), vec![1], Profile::default(), at(0));
        assert!(opened.take(person(2), &[1]).is_none());
        assert!(opened.take(person(1), &[1]).is_some());
        opened.keep(person(1), vec![1], Profile::default(), at(0));
        assert!(
            opened.take(person(1), &[2]).is_none(),
            "another instance stored another"
        );
        assert!(
            opened.take(person(1), &[1]).is_none(),
            "and what was kept is gone"
        );
    }

    #[test]
    fn nothing_stays_of_the_erased_nor_is_kept_again() {
        let opened = Opened::default();
        for seconds in [0, 61] {
            opened.keep(person(1), vec![1], Profile::default(), at(seconds));
            opened.keep(person(2), vec![2], Profile::default(), at(seconds));
        }
        opened.forget(person(1));
        opened.keep(person(1), vec![1], Profile::default(), at(62));
        let held = opened.0.lock().unwrap();
        assert!(!held.young.contains_key(&person(1)) && !held.old.contains_key(&person(1)));
        assert!(held.young.contains_key(&person(2)));
    }

    #[test]
    fn nothing_stays_for_long() {
        let opened = Opened::default();
        opened.keep(person(1), vec![1], Profile::default(), at(0));
        opened.keep(person(2), vec![2], Profile::default(), at(61));
        opened.keep(person(3), vec![3], Profile::default(), at(122));
        assert!(opened.take(person(1), &[1]).is_none());
        assert!(opened.take(person(2), &[2]).is_some());
        for number in 10..10 + 3 * ROOM as u128 {
            opened.keep(person(number), vec![4], Profile::default(), at(123));
        }
        let held = opened.0.lock().unwrap();
        assert!(held.young.len() + held.old.len() <= 2 * ROOM);
    }
}
