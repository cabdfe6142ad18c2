//! What this process has fetched from Redis ahead of use: units of generous quotas in small batches, and refusals for as
//! long as they hold. So a plain read asks Redis once in many times, and a flood that is refused does not reach it.

use jiff::Timestamp;

use super::{Quota, Spend, Standing, local::Table, micros};

/// A quota is generous from so many in a window on; others are asked about one by one.
const GENEROUS: u64 = 240;
/// A batch is this part of a generous quota.
const PART: u64 = 60;
/// Units not used within this part of the window are given up.
const LIFE: u64 = 6;
const SETS: usize = 1 << 12;

/// Units and refusals at hand. It only serves calls with a single quota.
#[derive(Debug)]
pub(in crate::shared) struct Prepaid(Table);

impl Prepaid {
    pub(in crate::shared) fn new() -> Self {
        Self(Table::new(SETS))
    }

    /// How many units to ask Redis for at once.
    pub(in crate::shared) fn batch(quota: Quota) -> u64 {
        if quota.limit < GENEROUS {
            1
        } else {
            quota.limit / PART
        }
    }

    /// Takes what is at hand; `None` when Redis must be asked.
    pub(in crate::shared) fn take(&self, spend: &Spend<'_>, now: Timestamp) -> Option<Standing> {
        let now = micros(now);
        let key = self.0.key(spend);
        let mut set = self.0.set(key);
        let place = set.find(key, now);
        if place.until <= now {
            return None;
        }
        if place.units == REFUSED {
            return Some(Standing::refused(place.until - now));
        }
        let (left, units) = (place.units >> 32, place.units & MOST);
        if units == 0 {
            return None;
        }
        place.units -= 1;
        Some(Standing::admitted(left + units - 1))
    }

    /// Keeps what Redis granted beyond the one that was wanted, and knows how many it has left.
    pub(in crate::shared) fn keep(&self, spend: &Spend<'_>, granted: u64, left: u64, now: Timestamp) {
        if granted < 2 {
            return;
        }
        let now = micros(now);
        let key = self.0.key(spend);
        let mut set = self.0.set(key);
        let place = set.find(key, now);
        let kept = if place.units == REFUSED {
            0
        } else {
            place.units & MOST
        };
        place.units = left.min(MOST - 1) << 32 | (kept + granted - 1).min(MOST);
        place.until = now + spend.quota.window / LIFE;
    }

    /// Keeps that Redis refused for so many microseconds.
    pub(in crate::shared) fn refuse(&self, spend: &Spend<'_>, wait: u64, now: Timestamp) {
        let now = micros(now);
        let key = self.0.key(spend);
        let mut set = self.0.set(key);
        let place = set.find(key, now);
        (place.units, place.until) = (REFUSED, now + wait);
    }
}

/// A batch lies in the lower half of a number, what Redis had left in the upper.
const MOST: u64 = u32::MAX as u64;
const REFUSED: u64 = u64::MAX;
