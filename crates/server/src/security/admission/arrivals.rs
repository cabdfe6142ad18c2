//! How many requests come a second, as an average in which old ones fade: one instant says little, since between two quick
//! requests nobody is at work.

use jiff::Timestamp;

/// After so many seconds an arrival counts half.
const HALF_LIFE_SECONDS: f64 = 2.0;

/// Arrivals, remembered as one number.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// The arrivals so far, faded until the last of them.
    faded: f64,
    last: Timestamp,
}

impl Arrivals {
    /// One more.
    pub(super) fn note(&mut self, now: Timestamp) {
        self.faded = self.faded_at(now) + 1.0;
        self.last = self.last.max(now);
    }

    /// How many come a second.
    pub(super) fn a_second(&self, now: Timestamp) -> f64 {
        // A steady r a second adds up to r × (half-life ÷ ln 2).
        self.faded_at(now) * std::f64::consts::LN_2 / HALF_LIFE_SECONDS
    }

    /// A clock that was set back makes nothing older, and nothing younger.
    fn faded_at(&self, now: Timestamp) -> f64 {
        let seconds = now.duration_since(self.last).as_secs_f64().max(0.0);
        self.faded * (-seconds / HALF_LIFE_SECONDS).exp2()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis)
    }

    #[test]
    fn a_steady_stream_is_told_as_it_is_and_fades_when_it_ends() {
        let mut arrivals = Arrivals::default();
        assert!(arrivals.a_second(at(0)) < 1e-9);
        for millis in (0..60_000).step_by(10) {
            arrivals.note(at(millis));
        }
        let rate = arrivals.a_second(at(60_000));
        assert!((99.0..101.0).contains(&rate), "{rate}");
        let rate = arrivals.a_second(at(62_000));
        assert!((49.0..51.0).contains(&rate), "{rate}");
        assert!(arrivals.a_second(at(90_000)) < 0.01);
    }

    #[test]
    fn a_clock_that_is_set_back_changes_nothing() {
        let mut arrivals = Arrivals::default();
        arrivals.note(at(60_000));
        let before = arrivals.a_second(at(60_000));
        assert_eq!(arrivals.a_second(at(0)).to_bits(), before.to_bits());
        arrivals.note(at(0));
        assert!(arrivals.a_second(at(60_000)) > before);
    }
}
