//! Chance from a seed: SplitMix64 (Steele, Lea, Flood 2014). The same seed makes the same people do the same things. Never
//! for secrets: those come from the operating system.

/// A stream of numbers that its seed determines.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another stream, for one person, so that what they do does not depend on how much others drew.
    pub(super) fn of(seed: u64, person: u64) -> Self {
        let mut stream = Self(seed ^ person.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self(stream.next())
    }

    /// A number from `start` to just below `end`.
    pub(super) fn within(&mut self, start: i64, end: i64) -> i64 {
        let span = end.saturating_sub(start).max(1).unsigned_abs();
        start + (self.next() % span).cast_signed()
    }

    /// Whether something happens that does so in so many cases of a hundred.
    pub(super) fn percent(&mut self, cases: i64) -> bool {
        self.within(0, 100) < cases
    }

    /// One of these.
    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let index = self.next() % all.len() as u64;
        &all[usize::try_from(index).expect("an index")]
    }

    /// These in another order.
    pub(super) fn shuffled<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for last in (1..all.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            all.swap(last, usize::try_from(other).expect("an index"));
        }
        all
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
