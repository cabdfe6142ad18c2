//! The price between two closes, one step a second: a Brownian bridge drawn by midpoint displacement.
//!
//! The midpoint of a stretch is the mean of its ends plus a displacement taken from a hash of symbol, day and
//! stretch; each half is then treated alike. A step therefore costs at most 17 hashes, needs no history and no
//! floating point, and is the same on every machine. The two ends of the day are exact.
//!
//! Displacements are uniform and bounded. Together they stay below 1.8 % of the lower close, so prices stay positive.

/// Seconds, and so steps, in a day.
pub(super) const DAY: i64 = 86_400;

/// Halvings from a day down to single seconds.
const LEVELS: usize = 17;

/// Largest displacement at each halving, in 10⁻⁹ of the price: σ/2 · √3 · 2^(−level/2), for σ = 0.6 % a day.
const REACH: [i64; LEVELS] = reaches();

/// Sum of this and all finer displacements: how far a stretch may leave the band between its ends.
const REACH_BELOW: [i64; LEVELS + 1] = reaches_below();

/// One asset's path over one day.
#[derive(Clone, Copy)]
pub(super) struct Path {
    open: i64,
    close: i64,
    seed: u64,
    /// The price that displacements are measured against.
    base: i64,
}

/// A stretch between two known steps.
#[derive(Clone, Copy)]
struct Stretch {
    /// Position in the binary tree of stretches: the day is 1, the halves of `n` are `2n` and `2n + 1`.
    node: u64,
    level: usize,
    from: i64,
    to: i64,
    at_from: i64,
    at_to: i64,
}

impl Path {
    /// The path from `open` at second 0 to `close` at second 86,400, both positive and in 10⁻⁶ currency units.
    pub(super) fn new(open: i64, close: i64, asset_seed: u64, day: i64) -> Self {
        let seed = mix(asset_seed ^ mix(day.unsigned_abs()));
        Self {
            open,
            close,
            seed,
            base: open.min(close),
        }
    }

    /// The exact price at a second of the day, `0..=86_400`, not yet rounded to a tick.
    pub(super) fn at(&self, second: i64) -> i64 {
        let mut stretch = self.whole_day();
        loop {
            if second == stretch.from {
                return stretch.at_from;
            }
            if second == stretch.to {
                return stretch.at_to;
            }
            let (left, right) = self.halves(stretch);
            stretch = if second < right.from { left } else { right };
        }
    }

    /// The lowest and the highest exact price over `from..=to`, seconds of the day.
    pub(super) fn extremes(&self, from: i64, to: i64) -> (i64, i64) {
        let (a, b) = (self.at(from), self.at(to));
        let mut found = (a.min(b), a.max(b));
        self.widen(&mut found, self.whole_day(), from, to);
        found
    }

    /// Widens `found` by the steps of `stretch` inside `from..=to`. Stretches that cannot reach outside are skipped.
    fn widen(&self, found: &mut (i64, i64), stretch: Stretch, from: i64, to: i64) {
        let apart = stretch.to <= from || to <= stretch.from;
        if apart || stretch.to - stretch.from < 2 || self.stays_within(*found, stretch) {
            return;
        }
        let (left, right) = self.halves(stretch);
        if (from..=to).contains(&right.from) {
            *found = (found.0.min(right.at_from), found.1.max(right.at_from));
        }
        self.widen(found, left, from, to);
        self.widen(found, right, from, to);
    }

    fn stays_within(&self, found: (i64, i64), stretch: Stretch) -> bool {
        // Each halving rounds down at most two units, which the bound must not forget.
        let reach = self.base * REACH_BELOW[stretch.level] / 1_000_000_000 + 2 * LEVELS as i64;
        let low = stretch.at_from.min(stretch.at_to) - reach;
        let high = stretch.at_from.max(stretch.at_to) + reach;
        found.0 <= low && high <= found.1
    }

    fn whole_day(&self) -> Stretch {
        Stretch {
            node: 1,
            level: 0,
            from: 0,
            to: DAY,
            at_from: self.open,
            at_to: self.close,
        }
    }

    fn halves(&self, stretch: Stretch) -> (Stretch, Stretch) {
        let middle = (stretch.from + stretch.to) / 2;
        let at_middle = (stretch.at_from + stretch.at_to) / 2 + self.displacement(stretch);
        let level = stretch.level + 1;
        let left = Stretch {
            node: 2 * stretch.node,
            level,
            to: middle,
            at_to: at_middle,
            ..stretch
        };
        let right = Stretch {
            node: 2 * stretch.node + 1,
            level,
            from: middle,
            at_from: at_middle,
            ..stretch
        };
        (left, right)
    }

    fn displacement(&self, stretch: Stretch) -> i64 {
        let reach = self.base * REACH[stretch.level] / 1_000_000_000;
        // The upper half of the hash, read as a signed number: uniform over −2³¹ .. 2³¹.
        let chance = (mix(self.seed ^ stretch.node.wrapping_mul(0x9e37_79b9_7f4a_7c15)) as i64) >> 32;
        (reach * chance) >> 31
    }
}

/// A bijective mixer in which every input bit moves every output bit (multiply, xor-shift).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const fn reaches() -> [i64; LEVELS] {
    // 0.006 / 2 · √3, and the same over √2, for even and odd levels.
    let (even, odd) = (5_196_152, 3_674_235);
    let mut out = [0; LEVELS];
    let mut level = 0;
    while level < LEVELS {
        out[level] = if level % 2 == 0 {
            even >> (level / 2)
        } else {
            odd >> (level / 2)
        };
        level += 1;
    }
    out
}

const fn reaches_below() -> [i64; LEVELS + 1] {
    let mut out = [0; LEVELS + 1];
    let mut level = LEVELS;
    while level > 0 {
        level -= 1;
        out[level] = out[level + 1] + REACH[level];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_day_are_exact() {
        let path = Path::new(50_000_000, 51_230_000, 7, 42);
        assert_eq!((path.at(0), path.at(DAY)), (50_000_000, 51_230_000));
    }

    #[test]
    fn a_step_moves_the_price_by_a_sliver_of_a_percent() {
        let path = Path::new(50_000_000, 50_500_000, 7, 42);
        let steps: Vec<i64> = (0..=DAY).map(|second| path.at(second)).collect();
        let largest = steps
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .max()
            .unwrap();
        assert!((1..50_000_000 / 1_000).contains(&largest), "{largest}");
        assert!(steps.iter().any(|at| *at != steps[0]));
    }

    #[test]
    fn extremes_skip_stretches_but_miss_no_step() {
        for (day, from, to) in [
            (1, 0, DAY),
            (2, 3_600, 7_200),
            (3, 59, 61),
            (4, 86_340, DAY),
            (5, 17, 80_001),
        ] {
            let path = Path::new(90_000_000, 88_000_000, 99, day);
            let steps: Vec<i64> = (from..=to).map(|second| path.at(second)).collect();
            let every = (*steps.iter().min().unwrap(), *steps.iter().max().unwrap());
            assert_eq!(path.extremes(from, to), every, "day {day}");
        }
    }

    #[test]
    fn the_path_stays_near_its_closes() {
        for day in 0..2_000 {
            let (low, high) = Path::new(100_000, 300_000, 5, day).extremes(0, DAY);
            assert!(low > 98_000 && high < 302_000, "day {day}: {low} {high}");
        }
    }

    #[test]
    fn another_day_or_asset_takes_another_path() {
        let noon = |seed, day| Path::new(10_000_000, 10_000_000, seed, day).at(DAY / 2);
        assert_ne!(noon(1, 1), noon(1, 2));
        assert_ne!(noon(1, 1), noon(2, 1));
    }
}
