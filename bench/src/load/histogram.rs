//! Latencies in logarithmic buckets: constant memory, a relative error below 1 %, no allocation while counting.

use std::time::Duration;

/// Buckets within each power of two.
const FINE: u64 = 128;
const FINE_BITS: u32 = FINE.trailing_zeros();
/// Enough for 2^36 µs, some 19 hours.
const BUCKETS: usize = ((36 - FINE_BITS as usize) + 1) * FINE as usize;

/// Counts latencies. The unit is the microsecond.
#[derive(Clone)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
    max: Duration,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            total: 0,
            max: Duration::ZERO,
        }
    }

    pub(crate) fn add(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.counts[bucket(micros)] += 1;
        self.total += 1;
        self.max = self.max.max(latency);
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    pub(crate) fn max(&self) -> Duration {
        self.max
    }

    /// The latency that `per_mille` of a thousand do not exceed; zero when nothing was counted.
    pub(crate) fn quantile(&self, per_mille: u64) -> Duration {
        let rank = (self.total * per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_micros(upper_end(bucket)).min(self.max);
            }
        }
        self.max
    }
}

/// Up to [`FINE`] µs each microsecond has its bucket; above, each power of two has [`FINE`] of them.
fn bucket(micros: u64) -> usize {
    let octave = u64::from((micros | (FINE - 1)).ilog2() + 1 - FINE_BITS);
    let index = if octave == 0 {
        micros
    } else {
        octave * FINE + ((micros >> (octave - 1)) - FINE)
    };
    usize::try_from(index).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

/// The largest number of microseconds that falls into the bucket.
fn upper_end(bucket: usize) -> u64 {
    let (octave, fine) = (bucket as u64 / FINE, bucket as u64 % FINE);
    if octave == 0 {
        fine
    } else {
        ((FINE + fine + 1) << (octave - 1)) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_lies_just_below_the_end_of_its_bucket() {
        for micros in (0..5_000).chain((0..33).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1])) {
            let end = upper_end(bucket(micros));
            assert!(
                end >= micros && (end - micros) * 100 <= micros,
                "{micros} → {end}"
            );
            assert!(end == micros || bucket(end) == bucket(micros), "{micros}");
            assert_eq!(bucket(end) + 1, bucket(end + 1), "{micros}");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_numbers_counted() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.quantile(500), Duration::ZERO);
        for micros in 1..=1_000 {
            histogram.add(Duration::from_micros(micros));
        }
        for (per_mille, exact) in [(1, 1), (500, 500), (950, 950), (990, 990), (1000, 1000)] {
            let found = histogram.quantile(per_mille).as_micros();
            assert!(
                found >= exact && found <= exact + exact / 100,
                "{per_mille}: {found}"
            );
        }
        assert_eq!(
            (histogram.total(), histogram.max()),
            (1_000, Duration::from_micros(1_000))
        );
    }
}
