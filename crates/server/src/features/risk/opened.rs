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
use uuid::Uuid;

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

/// A profile, what it was sealed to, and the session that its owner acted in.
pub(super) struct Stored {
    pub(super) sealed: Vec<u8>,
    pub(super) profile: Profile,
    pub(super) session: Option<SessionScore>,
}

/// A session, and the score of the newest decision on it.
pub(super) type SessionScore = (Uuid, Option<i64>);

impl Opened {
    /// The profile that this instance stored last, if it is at hand. It is no longer here then.
    pub(super) fn take(&self, user: UserId) -> Option<Stored> {
        let mut held = self.lock();
        held.young.remove(&user).or_else(|| held.old.remove(&user))
    }

    /// Keeps a profile that is about to be stored.
    pub(super) fn keep(&self, user: UserId, stored: Stored, now: Timestamp) {
        let mut held = self.lock();
        if held.erased.contains(&user) {
            return;
        }
        if held.young.len() >= ROOM || now.duration_since(held.since).abs() >= AGE {
            held.old = std::mem::take(&mut held.young);
            held.since = now;
        }
        held.young.insert(user, stored);
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
    use super::*;

    fn person(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    fn stored(sealed: u8) -> Stored {
        Stored {
            sealed: vec![sealed],
            profile: Profile::default(),
            session: None,
        }
    }

    #[test]
    fn a_profile_is_at_hand_once() {
        let opened = Opened::default();
        opened.keep(person(1), stored(1), at(0));
        assert!(opened.take(person(2)).is_none());
        assert_eq!(opened.take(person(1)).unwrap().sealed, [1]);
        assert!(opened.take(person(1)).is_none());
    }

    #[test]
    fn nothing_stays_of_the_erased_nor_is_kept_again() {
        let opened = Opened::default();
        for seconds in [0, 61] {
            opened.keep(person(1), stored(1), at(seconds));
            opened.keep(person(2), stored(2), at(seconds));
        }
        opened.forget(person(1));
        opened.keep(person(1), stored(1), at(62));
        let held = opened.0.lock().unwrap();
        assert!(!held.young.contains_key(&person(1)) && !held.old.contains_key(&person(1)));
        assert!(held.young.contains_key(&person(2)));
    }

    #[test]
    fn nothing_stays_for_long() {
        let opened = Opened::default();
        opened.keep(person(1), stored(1), at(0));
        opened.keep(person(2), stored(2), at(61));
        opened.keep(person(3), stored(3), at(122));
        assert!(opened.take(person(1)).is_none());
        assert!(opened.take(person(2)).is_some());
        for number in 10..10 + 3 * ROOM as u128 {
            opened.keep(person(number), stored(4), at(123));
        }
        let held = opened.0.lock().unwrap();
        assert!(held.young.len() + held.old.len() <= 2 * ROOM);
    }
}
