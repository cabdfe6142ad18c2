//! Judging what the walk collected: which of entries and tiles a signed head vouches for, and so what was damaged.
//!
//! The *anchor* is the largest signed head whose root the entries make, or failing that the stored tiles. Up to its
//! size that side is right and the other is wrong where they differ.

use super::ranges::Ranges;
use super::report::{Problem, ProblemKind, entries};
use super::tree_at::TreeAt;
use super::walk::{Astray, Stranger, Walk};
use crate::checkpoint::Checkpoint;

/// A validly signed head, current or kept.
#[derive(Debug, Clone)]
pub(super) struct SignedHead {
    pub(super) checkpoint: Checkpoint,
    pub(super) kept: bool,
}

/// Which side a signed head vouches for, and up to which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) size: u64,
    pub(super) side: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Tiles,
    Entries,
}

impl Walk {
    fn tree(&self, side: Side) -> &TreeAt {
        match side {
            Side::Entries => &self.entries,
            Side::Tiles => &self.tiles,
        }
    }

    fn makes(&self, side: Side, head: &SignedHead) -> bool {
        self.tree(side).root_at(head.checkpoint.size) == Some(head.checkpoint.root)
    }

    pub(super) fn anchor(&self, heads: &[SignedHead]) -> Option<Anchor> {
        let anchors = heads.iter().flat_map(|head| {
            [Side::Tiles, Side::Entries].map(|side| (self.makes(side, head), head.checkpoint.size, side))
        });
        let best = anchors
            .filter(|&(makes, ..)| makes)
            .max_by_key(|&(_, size, side)| (size, side == Side::Entries));
        best.map(|(_, size, side)| Anchor { size, side })
    }

    /// How many kept heads the entries still agree with.
    pub(super) fn confirmed(&self, heads: &[SignedHead]) -> u64 {
        heads
            .iter()
            .filter(|head| head.kept && self.makes(Side::Entries, head))
            .count() as u64
    }

    /// Problems that can be put down to certain entries.
    pub(super) fn located(&self, anchor: Option<Anchor>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for range in self.missing.iter() {
            problems.push(missing(range.start, range.end - 1));
        }
        problems.extend(self.astray.iter().map(astray));
        problems.extend(self.strangers.iter().map(|stranger| self.stranger(stranger)));
        for (seq, error) in &self.malformed {
            let detail = format!("The bytes stored as entry {seq} are not an entry: {error}.");
            problems.push(Problem::at(ProblemKind::AlteredEntry, *seq, detail));
        }
        for range in self.unlike_tile.iter() {
            problems.push(self.unlike_tile(range.start, range.end - 1, anchor));
        }
        let altered = problems
            .iter()
            .filter(|problem| problem.kind == ProblemKind::AlteredEntry);
        let altered = Ranges::gather(altered.filter_map(Problem::span));
        let mut unexplained = Ranges::default();
        for seq in self.unchained.iter().flatten() {
            if !altered.contains(seq) && !seq.checked_sub(1).is_some_and(|before| altered.contains(before)) {
                unexplained.push(seq..seq + 1);
            }
        }
        problems.extend(unexplained.iter().map(|range| unchained(range.start, range.end)));
        problems
    }

    fn unlike_tile(&self, first: u64, last: u64, anchor: Option<Anchor>) -> Problem {
        let what = entries(first, last);
        if anchor.is_some_and(|anchor| anchor.side == Side::Entries && last < anchor.size) {
            let detail =
                format!("The stored tile holds other hashes for {what}, which are as they were signed.");
            return Problem::of(ProblemKind::AlteredTile, first, last, detail);
        }
        let rechained = last > first && (first + 1..=last).all(|seq| !self.unchained.contains(seq));
        let detail = if rechained {
            let rest = entries(first + 1, last);
            format!(
                "Entry {first} is not what the stored tile holds the hash of, and {rest} were chained anew after it."
            )
        } else {
            format!("The stored tile holds another hash for {what}.")
        };
        Problem::of(ProblemKind::AlteredEntry, first, last, detail)
    }

    /// A number is the entry's own fault when it never was that entry; else entries changed places.
    fn stranger(&self, stranger: &Stranger) -> Problem {
        let Stranger {
            place,
            claim,
            refuted,
        } = *stranger;
        if refuted || claim >= self.next {
            let detail =
                format!("What is stored as entry {place} calls itself entry {claim}, which it is not.");
            return Problem::at(ProblemKind::AlteredEntry, place, detail);
        }
        let detail = format!("Entry {claim} stands in the place of entry {place}.");
        Problem::at(ProblemKind::ReorderedOrDoubled, place, detail)
    }

    /// Problems between the log and the signed heads, and between the heads.
    pub(super) fn history(
        &self,
        heads: &[SignedHead],
        anchor: Option<Anchor>,
        located: &[Problem],
    ) -> Vec<Problem> {
        let mut problems = forks(heads);
        problems.extend(self.truncated(heads));
        for head in heads.iter().filter(|head| head.checkpoint.size <= self.next) {
            let forked = |other: &SignedHead| {
                other.checkpoint.size == head.checkpoint.size && other.checkpoint.root != head.checkpoint.root
            };
            let vouched = anchor.filter(|anchor| head.checkpoint.size <= anchor.size);
            let agrees = match vouched {
                Some(anchor) => self.makes(anchor.side, head),
                None => located
                    .iter()
                    .any(|p| p.seq.is_some_and(|seq| seq < head.checkpoint.size)),
            };
            if !agrees && !heads.iter().any(forked) {
                problems.push(self.rewritten(head, heads, vouched));
            }
        }
        problems
    }

    fn rewritten(&self, head: &SignedHead, heads: &[SignedHead], vouched: Option<Anchor>) -> Problem {
        let size = head.checkpoint.size;
        let confirmed = heads.iter().filter(|other| {
            let sides = [Side::Entries, Side::Tiles];
            other.checkpoint.size < size && sides.iter().any(|&side| self.makes(side, other))
        });
        let first = confirmed.map(|other| other.checkpoint.size).max().unwrap_or(0);
        let (name, last) = (head.name(), size.max(1) - 1);
        let why = match vouched {
            Some(_) => "though a newer checkpoint is validly signed",
            None => "though the entries agree with each other",
        };
        let detail = format!(
            "The log does not agree with {name}, {why}: something in {} was rewritten.",
            entries(first, last)
        );
        Problem::of(ProblemKind::RewrittenHistory, first, last, detail)
    }

    fn truncated(&self, heads: &[SignedHead]) -> Option<Problem> {
        let head = heads.iter().max_by_key(|head| head.checkpoint.size)?;
        let (size, name) = (head.checkpoint.size, head.name());
        let gone = || entries(self.next, size - 1);
        (size > self.next).then(|| {
            let detail = format!("The log ends before {} that {name} covers.", gone());
            Problem::of(ProblemKind::TruncatedTail, self.next, size - 1, detail)
        })
    }
}

impl SignedHead {
    fn name(&self) -> String {
        let kept = if self.kept { "kept" } else { "current" };
        format!("the {kept} checkpoint of {} entries", self.checkpoint.size)
    }
}

fn forks(heads: &[SignedHead]) -> Vec<Problem> {
    let mut forks = Vec::new();
    for (number, head) in heads.iter().enumerate() {
        let (size, root) = (head.checkpoint.size, head.checkpoint.root);
        let forked = |other: &&SignedHead| other.checkpoint.size == size && other.checkpoint.root != root;
        if let Some(other) = heads[..number].iter().find(forked) {
            let (name, other) = (head.name(), other.checkpoint.root);
            let detail = format!(
                "Two validly signed checkpoints of {size} entries disagree: {root} in {name}, and {other}."
            );
            forks.push(Problem::whole(ProblemKind::Fork, detail));
        }
    }
    forks
}

fn missing(first: u64, last: u64) -> Problem {
    let verb = if first == last { "is" } else { "are" };
    let detail = format!(
        "{} {verb} missing, though the log goes on after.",
        capital(&entries(first, last))
    );
    Problem::of(ProblemKind::MissingEntry, first, last, detail)
}

fn astray(astray: &Astray) -> Problem {
    let Astray { seq, before, again } = *astray;
    let detail = if again {
        format!("Entry {seq} stands a second time, before entry {before}.")
    } else {
        format!("Entry {seq} stands out of order, before entry {before}.")
    };
    Problem::at(ProblemKind::ReorderedOrDoubled, seq, detail)
}

/// One broken link: the entry before it was altered. Two or more in a row: those that are at both ends of a broken
/// link, for they hold a wrong hash themselves and are not what the next one holds.
fn unchained(first: u64, end: u64) -> Problem {
    let (from, to) = if end - first == 1 {
        (first.max(1) - 1, first.max(1) - 1)
    } else {
        (first, end - 2)
    };
    let detail = format!(
        "{} does not match the hash in the entry after.",
        capital(&entries(from, to))
    );
    Problem::of(ProblemKind::AlteredEntry, from, to, detail)
}

fn capital(text: &str) -> String {
    text.replacen('e', "E", 1)
}
