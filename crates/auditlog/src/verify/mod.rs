//! Verifying a whole log: that it is complete, unaltered, and what was signed.
//!
//! A [`Verifier`] is given the signed heads first, then the entries in rising order with the stored tiles, as
//! they are found in a database or an export ([`verify_export`]), and at the end reports every problem with the
//! sequence numbers concerned. Chain, tree and tiles are three witnesses of the same entries; the signed heads say
//! which of them to believe. Memory stays small whatever the size of the log: some bytes for every 256 entries.

mod group;
mod judge;
mod ranges;
mod report;
mod tree_at;
mod walk;

use std::num::NonZeroUsize;
use std::sync::mpsc;

pub use group::{Found, Group, Payloads};
pub use report::{MAX_LISTED, Problem, ProblemKind, Report};

use crate::checkpoint::{self, Checkpoint, VerifyingKey};
use crate::export::{ExportError, ExportReader, Stored};
use crate::hash::Hash;
use crate::tile::{TileId, parse_tile};
use judge::{Anchor, Side, SignedHead};
use ranges::Ranges;
use walk::Walk;

/// Groups that one call of [`Verifier::feed`] should be given, so that all threads have work and memory stays small.
pub const GROUPS_AT_ONCE: usize = 128;

/// Verifies one log from its first entry on.
pub struct Verifier {
    threads: NonZeroUsize,
    current: Option<Checkpoint>,
    heads: Vec<SignedHead>,
    walk: Walk,
    upper: Vec<(TileId, Vec<Hash>)>,
    problems: Vec<Problem>,
    payload_problems: Vec<Problem>,
    payloads: u64,
    erased: u64,
}

impl Verifier {
    /// Takes the current signed checkpoint and those kept from earlier, as the notes' text. Hashing will use this many
    /// threads, the caller's among them. A wrong signature is a problem in the report.
    pub fn new(key: &VerifyingKey, current: &str, kept: &[String], threads: NonZeroUsize) -> Verifier {
        let mut heads: Vec<SignedHead> = Vec::new();
        let mut problems = Vec::new();
        let notes = std::iter::once((current, false)).chain(kept.iter().map(|note| (note.as_str(), true)));
        for (number, (note, kept)) in notes.enumerate() {
            match checkpoint::open(note, key) {
                Ok(checkpoint) => heads.push(SignedHead { checkpoint, kept }),
                Err(error) => {
                    let name = if kept {
                        format!("Kept checkpoint {number}")
                    } else {
                        "The current checkpoint".into()
                    };
                    let detail = format!("{name} is refused: {error}.");
                    problems.push(Problem::whole(ProblemKind::BadSignature, detail));
                }
            }
        }
        let current = heads
            .iter()
            .find(|head| !head.kept)
            .map(|head| head.checkpoint.clone());
        let sizes: Vec<u64> = heads.iter().map(|head| head.checkpoint.size).collect();
        Verifier {
            threads,
            current,
            walk: Walk::new(&sizes),
            heads,
            upper: Vec::new(),
            problems,
            payload_problems: Vec::new(),
            payloads: 0,
            erased: 0,
        }
    }

    /// Takes the next groups, in rising order and no group twice; [`GROUPS_AT_ONCE`] is a good number.
    pub fn feed(&mut self, groups: &[Group<'_>]) {
        let mut hashed = group::hash_all(groups, self.threads);
        self.walk.follow(&hashed);
        for group in &mut hashed {
            self.payload_problems.append(&mut group.problems);
            self.payloads += group.payloads;
            self.erased += group.erased;
        }
    }

    /// Takes a stored tile above the leaves, full or partial, in any order.
    pub fn upper_tile(&mut self, id: TileId, bytes: &[u8]) {
        match parse_tile(bytes) {
            Some(hashes) => self.upper.push((id, hashes)),
            None => self.problems.push(altered_upper(id)),
        }
    }

    /// Entries taken so far.
    pub fn entries(&self) -> u64 {
        self.walk.found
    }

    /// The verdict.
    pub fn finish(self) -> Report {
        let Verifier {
            heads,
            mut walk,
            mut problems,
            ..
        } = self;
        walk.settle();
        let anchor = walk.anchor(&heads);
        let located = walk.located(anchor);
        problems.extend(walk.history(&heads, anchor, &located));
        let tree = match anchor {
            Some(Anchor {
                side: Side::Tiles, ..
            }) => &walk.tiles,
            _ => &walk.entries,
        };
        problems.extend(
            self.upper
                .iter()
                .filter(|(id, tile)| tree.differs(*id, tile))
                .map(|(id, _)| altered_upper(*id)),
        );
        // A payload cannot fit an entry that is itself damaged or gone.
        let gone = problems
            .iter()
            .filter(|problem| problem.kind == ProblemKind::TruncatedTail);
        let damaged = Ranges::gather(located.iter().chain(gone).filter_map(Problem::span));
        let explained = |problem: &Problem| problem.seq.is_some_and(|seq| damaged.contains(seq));
        problems.extend(
            self.payload_problems
                .into_iter()
                .filter(|problem| !explained(problem)),
        );
        problems.extend(located);
        problems.sort_by_key(|problem| {
            (
                problem.kind > ProblemKind::TruncatedTail,
                problem.seq,
                problem.kind,
            )
        });
        let problem_count = problems.len() as u64;
        problems.truncate(MAX_LISTED);
        Report {
            valid: problem_count == 0,
            entries: walk.found,
            checked_from: 0,
            checked_to: walk.next,
            unsigned: self
                .current
                .as_ref()
                .map_or(0, |current| walk.next.saturating_sub(current.size)),
            root: walk.entries.root(),
            checkpoint: self.current,
            kept_confirmed: walk.confirmed(&heads),
            payloads: self.payloads,
            erased: self.erased,
            problem_count,
            problems,
        }
    }
}

fn altered_upper(id: TileId) -> Problem {
    let TileId { level, index } = id;
    let detail = format!("Tile {index} of level {level} does not hold the roots of the tiles below it.");
    Problem::whole(ProblemKind::AlteredTile, detail)
}

/// Verifies an export: reads ahead on a thread of its own while others hash. Calls `progress` with the number of
/// entries done so far.
///
/// # Errors
/// When a file of the export cannot be read. What is wrong with its contents is in the report.
pub fn verify_export(
    export: ExportReader,
    key: &VerifyingKey,
    kept: &[String],
    threads: NonZeroUsize,
    mut progress: impl FnMut(u64),
) -> Result<Report, ExportError> {
    let mut verifier = Verifier::new(key, export.checkpoint(), kept, threads);
    for (id, tile) in export.upper_tiles()? {
        verifier.upper_tile(id, &tile);
    }
    std::thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(1);
        scope.spawn(move || read_ahead(export, &sender));
        for batch in batches {
            let stored: Vec<Stored> = batch?;
            verifier.feed(&stored.iter().map(Stored::group).collect::<Vec<_>>());
            progress(verifier.entries());
        }
        Ok(verifier.finish())
    })
}

fn read_ahead(mut export: ExportReader, sender: &mpsc::SyncSender<Result<Vec<Stored>, ExportError>>) {
    loop {
        let batch: Result<Vec<_>, _> = export.by_ref().take(GROUPS_AT_ONCE).collect();
        let last = batch.as_ref().is_ok_and(Vec::is_empty) || batch.is_err();
        // Nobody listens any more once the verifier has met an error.
        if sender.send(batch).is_err() || last {
            return;
        }
    }
}
