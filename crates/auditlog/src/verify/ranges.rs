//! Sets of sequence numbers that mostly come in runs.

use std::ops::Range;

/// Disjoint ranges in rising order.
#[derive(Debug, Default)]
pub(super) struct Ranges(Vec<Range<u64>>);

impl Ranges {
    /// Gathers ranges that come in any order and may overlap; both ends belong to them.
    pub(super) fn gather(ranges: impl Iterator<Item = (u64, u64)>) -> Ranges {
        let mut sorted: Vec<_> = ranges.collect();
        sorted.sort_unstable();
        let mut gathered = Ranges::default();
        for (first, last) in sorted {
            let seen = gathered.0.last().map_or(0, |range| range.end);
            let range = first.max(seen)..last.saturating_add(1);
            if !range.is_empty() {
                gathered.push(range);
            }
        }
        gathered
    }

    /// Adds numbers that are all greater than those already there.
    pub(super) fn push(&mut self, range: Range<u64>) {
        match self.0.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.0.push(range),
        }
    }

    /// Takes a number out and says whether it was there.
    pub(super) fn remove(&mut self, number: u64) -> bool {
        let Some(at) = self.find(number) else { return false };
        let Range { start, end } = self.0[at];
        let rest = [start..number, number + 1..end]
            .into_iter()
            .filter(|range| !range.is_empty());
        self.0.splice(at..=at, rest);
        true
    }

    /// Whether the number is one of them.
    pub(super) fn contains(&self, number: u64) -> bool {
        self.find(number).is_some()
    }

    /// The ranges.
    pub(super) fn iter(&self) -> impl Iterator<Item = Range<u64>> {
        self.0.iter().cloned()
    }

    fn find(&self, number: u64) -> Option<usize> {
        let at = self.0.partition_point(|range| range.end <= number);
        self.0.get(at).filter(|range| range.contains(&number)).map(|_| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_and_split() {
        let mut ranges = Ranges::default();
        for range in [3..5, 5..6, 9..12] {
            ranges.push(range);
        }
        assert_eq!(ranges.0, [3..6, 9..12]);
        assert!(ranges.remove(10) && ranges.remove(3) && !ranges.remove(10) && !ranges.remove(7));
        assert_eq!(ranges.0, [4..6, 9..10, 11..12]);
        assert!(ranges.contains(9) && !ranges.contains(10));
    }

    #[test]
    fn gathering_sorts_and_joins() {
        let ranges = Ranges::gather([(7, 9), (0, 2), (1, 1), (3, 3), (8, 12), (20, 20)].into_iter());
        assert_eq!(ranges.0, [0..4, 7..13, 20..21]);
    }
}
