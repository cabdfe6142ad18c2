//! Intervals by adaptive conformal inference (Gibbs and Candès 2021, "Adaptive conformal inference under distribution
//! shift"): an interval reaches from one quantile of past errors to another, and which quantiles these are moves with
//! every hit and miss, so that in the long run as many outcomes lie outside as were meant to.
//!
//! Errors are scores: already divided by the volatility known when the forecast was made.

use std::collections::VecDeque;

use crate::CALIBRATION;

/// Levels of the intervals: the shares of outcomes that are meant to lie inside.
pub(crate) const LEVELS: [f64; 2] = [0.80, 0.95];

/// How far one outcome moves the share that is left outside.
const STEP: f64 = 0.02;

/// Scores that are remembered.
const MEMORY: usize = 1_000;

/// Where the quantiles asked for lie beyond everything seen, the interval reaches this much further than that.
const BEYOND: f64 = 1.25;

/// The most that may be meant to lie outside.
const MOST_OUTSIDE: f64 = 0.9;

/// What one model at one horizon has learnt of its own errors.
#[derive(Clone, Debug)]
pub(crate) struct Conformal {
    recent: VecDeque<f64>,
    sorted: Vec<f64>,
    /// The share to leave outside at each level, as adapted.
    outside: [f64; 2],
}

impl Conformal {
    pub(crate) fn new() -> Self {
        Self {
            recent: VecDeque::with_capacity(MEMORY + 1),
            sorted: Vec::with_capacity(MEMORY + 1),
            outside: LEVELS.map(|level| 1.0 - level),
        }
    }

    /// The lower and upper score at each level, once there are enough outcomes.
    pub(crate) fn intervals(&self) -> Option<[(f64, f64); 2]> {
        (self.sorted.len() >= CALIBRATION).then(|| self.outside.map(|outside| self.interval(outside)))
    }

    /// Takes a score in, and whether the outcome lay inside each interval, where there were intervals.
    pub(crate) fn learn(&mut self, score: f64, inside: Option<[bool; 2]>) {
        for (at, inside) in inside.into_iter().flatten().enumerate() {
            let missed = if inside { 0.0 } else { 1.0 };
            self.outside[at] += STEP * (1.0 - LEVELS[at] - missed);
        }
        self.recent.push_back(score);
        self.sorted.insert(self.place(score), score);
        if self.recent.len() > MEMORY
            && let Some(oldest) = self.recent.pop_front()
        {
            self.sorted.remove(self.place(oldest));
        }
    }

    /// The order statistic of rank ⌊(n + 1) · share⌋ from either end, which covers n + 1 exchangeable scores.
    fn interval(&self, outside: f64) -> (f64, f64) {
        let n = self.sorted.len();
        let share = outside.clamp(0.0, MOST_OUTSIDE) / 2.0;
        let rank = (share * (n + 1) as f64) as usize;
        match rank.checked_sub(1) {
            Some(from_end) => (self.sorted[from_end], self.sorted[n - 1 - from_end]),
            None => (
                self.sorted[0].min(0.0) * BEYOND,
                self.sorted[n - 1].max(0.0) * BEYOND,
            ),
        }
    }

    fn place(&self, score: f64) -> usize {
        self.sorted.partition_point(|other| *other < score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that spread evenly over −1 to 1, in an order that is not sorted.
    fn spread(index: usize) -> f64 {
        ((index * 389) % 1_000) as f64 / 500.0 - 1.0
    }

    #[test]
    fn nothing_is_said_before_there_are_enough_outcomes() {
        let mut conformal = Conformal::new();
        for index in 0..CALIBRATION {
            assert!(conformal.intervals().is_none());
            conformal.learn(spread(index), None);
        }
        assert!(conformal.intervals().is_some());
    }

    #[test]
    fn quantiles_are_those_of_the_scores() {
        let mut conformal = Conformal::new();
        for index in 0..MEMORY {
            conformal.learn(spread(index), None);
        }
        let [(low_80, high_80), (low_95, high_95)] = conformal.intervals().unwrap();
        for (found, wanted) in [(low_80, -0.8), (high_80, 0.8), (low_95, -0.95), (high_95, 0.95)] {
            assert!((found - wanted).abs() < 0.005, "{found} {wanted}");
        }
    }

    #[test]
    fn errors_that_grow_are_covered_all_the_same() {
        let mut conformal = Conformal::new();
        let (mut inside, mut all) = (0, 0);
        for index in 0..6_000 {
            // Every 2,000 outcomes, errors grow threefold from one day to the next.
            let size = [1.0, 3.0, 9.0][index / 2_000];
            let score = size * spread(index);
            let hits = conformal
                .intervals()
                .map(|intervals| intervals.map(|(low, high)| (low..=high).contains(&score)));
            if let Some([_, hit]) = hits {
                all += 1;
                inside += usize::from(hit);
            }
            conformal.learn(score, hits);
        }
        let share = f64::from(inside as u32) / f64::from(all as u32);
        assert!((0.93..=0.97).contains(&share), "{share}");
    }

    #[test]
    fn only_recent_scores_are_remembered() {
        let mut conformal = Conformal::new();
        for _ in 0..MEMORY {
            conformal.learn(100.0, None);
        }
        for index in 0..MEMORY {
            conformal.learn(spread(index), None);
        }
        assert_eq!(conformal.sorted.len(), MEMORY);
        assert!(conformal.sorted.iter().all(|score| *score <= 1.0));
    }
}
