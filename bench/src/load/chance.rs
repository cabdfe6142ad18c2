//! Cheap chance for load: SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.

use std::time::Duration;

use uuid::{Builder, fmt::Hyphenated};

/// A stream of numbers that depends on its seed alone.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream that no other run has.
    pub(crate) fn unique() -> Self {
        Self(u64::from_le_bytes(stockade_platform::random::bytes()))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random UUID.
    pub(crate) fn uuid(&mut self) -> Hyphenated {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        Builder::from_random_bytes(bits.to_be_bytes())
            .into_uuid()
            .hyphenated()
    }

    /// The gap to the next of events that come at random, `mean` apart on average (exponential).
    pub(crate) fn gap(&mut self, mean: Duration) -> Duration {
        let unit = ((self.next() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        mean.mul_f64(-unit.ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_have_their_mean() {
        let (mut chance, mean) = (Chance::new(1), Duration::from_millis(80));
        let sum: Duration = (0..100_000).map(|_| chance.gap(mean)).sum();
        let ratio = sum.as_secs_f64() / 100_000.0 / mean.as_secs_f64();
        assert!((0.98..1.02).contains(&ratio), "{ratio}");
    }

    #[test]
    fn ids_are_random_uuids_and_differ() {
        let mut chance = Chance::new(1);
        let (one, other) = (chance.uuid(), chance.uuid());
        assert_eq!(one.as_uuid().get_version_num(), 4);
        assert_ne!(one, other);
    }
}
