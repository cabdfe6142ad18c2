//! How long requests take, by class of route: a histogram each, whose buckets are relaxed atomics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::security::rate_limit::RateClass;

/// Upper bounds of the buckets in microseconds; one more bucket takes what is slower. They stand close together around
/// the objectives of 25 and 250 ms.
pub const BOUNDS_MICROS: [u64; 13] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

const BUCKETS: usize = BOUNDS_MICROS.len() + 1;

/// The histograms.
pub(super) struct Durations(Vec<Histogram>);

#[derive(Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    sum_micros: AtomicU64,
}

/// What a histogram holds at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// How many requests fell into each bucket.
    pub buckets: [u64; BUCKETS],
    /// How long they took together.
    pub sum_micros: u64,
}

impl Durations {
    pub(super) fn new() -> Self {
        Self(RateClass::ALL.iter().map(|_| Histogram::default()).collect())
    }

    pub(super) fn count(&self, class: RateClass, micros: u64) {
        let histogram = &self.0[class as usize];
        let bucket = BOUNDS_MICROS.partition_point(|bound| *bound < micros);
        histogram.buckets[bucket].fetch_add(1, Relaxed);
        histogram.sum_micros.fetch_add(micros, Relaxed);
    }

    pub(super) fn of(&self, class: RateClass) -> Spread {
        let histogram = &self.0[class as usize];
        Spread {
            buckets: std::array::from_fn(|at| histogram.buckets[at].load(Relaxed)),
            sum_micros: histogram.sum_micros.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let durations = Durations::new();
        for micros in [0, 500, 501, 10_000_000, 10_000_001] {
            durations.count(RateClass::Trade, micros);
        }
        let spread = durations.of(RateClass::Trade);
        assert_eq!((spread.buckets[0], spread.buckets[1]), (2, 1));
        assert_eq!((spread.buckets[12], spread.buckets[13]), (1, 1));
        assert_eq!(spread.sum_micros, 20_001_002);
        assert_eq!(durations.of(RateClass::Read).buckets, [0; BUCKETS]);
    }
}
