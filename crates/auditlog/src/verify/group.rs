//! The part of verifying that needs no order: hashing the entries of one tile and opening their commitments.
//! Every group stands for itself, so that all cores can work at once.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use super::report::{Problem, ProblemKind};
use crate::entry::{Leaf, LeafError, commitment, entry_hash};
use crate::export::PayloadLine;
use crate::hash::{Hash, leaf_hash};
use crate::tile::{WIDTH, parse_tile};
use crate::tree::perfect_root;

/// What is stored about the entries `256 * index ..`: the entries found, the tile of their hashes, their payloads.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// Index of the tile at level 0.
    pub index: u64,
    /// The entries, in the order they were found.
    pub found: Vec<Found<'a>>,
    /// The tile's bytes, when it is stored.
    pub tile: Option<&'a [u8]>,
    /// Payloads, when they are to be checked.
    pub payloads: Payloads<'a>,
}

/// One stored leaf.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The sequence under which it is stored, whatever it says itself.
    pub position: u64,
    /// Its bytes.
    pub leaf: &'a [u8],
}

/// Payloads of a group's entries.
#[derive(Debug, Clone, Copy)]
pub enum Payloads<'a> {
    /// None are given.
    None,
    /// Read already.
    Lines(&'a [PayloadLine]),
    /// As in an export, one JSON object a line.
    Text(&'a [u8]),
}

/// A group after hashing.
pub(super) struct Hashed {
    pub(super) index: u64,
    pub(super) leaves: Vec<HashedLeaf>,
    pub(super) tile: Option<Vec<Hash>>,
    /// Root of the tile as stored, when it is full.
    pub(super) tile_root: Option<Hash>,
    /// All 256 entries are there, in order and chained, and their hashes are those of the tile, if there is one.
    pub(super) sound: bool,
    /// Root over the entries of a sound group.
    pub(super) root: Option<Hash>,
    pub(super) problems: Vec<Problem>,
    pub(super) payloads: u64,
    pub(super) erased: u64,
}

pub(super) struct HashedLeaf {
    pub(super) position: u64,
    pub(super) leaf: Result<Leaf, LeafError>,
    pub(super) entry_hash: Hash,
    pub(super) leaf_hash: Hash,
}

/// Hashes groups on this many threads, the caller's among them.
pub(super) fn hash_all(groups: &[Group<'_>], threads: NonZeroUsize) -> Vec<Hashed> {
    let share = groups.len().div_ceil(threads.get()).max(1);
    let mut shares = groups.chunks(share);
    let first = shares.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let others: Vec<_> = shares.map(|share| scope.spawn(|| hash_share(share))).collect();
        let mut hashed = hash_share(first);
        for other in others {
            match other.join() {
                Ok(more) => hashed.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        hashed
    })
}

fn hash_share(groups: &[Group<'_>]) -> Vec<Hashed> {
    groups.iter().map(hash_group).collect()
}

fn hash_group(group: &Group<'_>) -> Hashed {
    let leaves: Vec<_> = group.found.iter().map(hash_leaf).collect();
    let mut problems = Vec::new();
    let tile = group.tile.and_then(|bytes| {
        let tile = parse_tile(bytes);
        if tile.is_none() {
            let detail = format!(
                "Tile {} of level 0 is not a row of at most 256 hashes.",
                group.index
            );
            problems.push(Problem::at(
                ProblemKind::AlteredTile,
                group.index * WIDTH as u64,
                detail,
            ));
        }
        tile
    });
    let same = tile
        .as_ref()
        .is_none_or(|tile| tile.iter().eq(leaves.iter().map(|leaf| &leaf.leaf_hash)));
    let sound = same && is_in_order(group.index, &leaves);
    let root = sound.then(|| perfect_root(&leaves.iter().map(|leaf| leaf.leaf_hash).collect::<Vec<_>>()));
    let full = tile.as_ref().filter(|tile| tile.len() == WIDTH);
    let tile_root = full.map(|tile| root.unwrap_or_else(|| perfect_root(tile)));
    let mut hashed = Hashed {
        index: group.index,
        leaves,
        tile,
        tile_root,
        sound,
        root,
        problems,
        payloads: 0,
        erased: 0,
    };
    hashed.check_payloads(group.payloads);
    hashed
}

fn hash_leaf(found: &Found<'_>) -> HashedLeaf {
    HashedLeaf {
        position: found.position,
        leaf: Leaf::decode(found.leaf),
        entry_hash: entry_hash(found.leaf),
        leaf_hash: leaf_hash(found.leaf),
    }
}

/// Whether these are the 256 entries of the tile, each with the hash of the one before.
fn is_in_order(index: u64, leaves: &[HashedLeaf]) -> bool {
    let numbered = (index * WIDTH as u64..).zip(leaves);
    let chained = |pair: &[HashedLeaf]| pair[1].previous() == Some(pair[0].entry_hash);
    leaves.len() == WIDTH
        && numbered.into_iter().all(|(seq, leaf)| leaf.seq() == Some(seq))
        && leaves.windows(2).all(chained)
}

impl HashedLeaf {
    pub(super) fn seq(&self) -> Option<u64> {
        self.leaf.as_ref().ok().map(|leaf| leaf.header.seq)
    }

    pub(super) fn previous(&self) -> Option<Hash> {
        self.leaf.as_ref().ok().map(|leaf| leaf.previous)
    }
}

impl Hashed {
    fn check_payloads(&mut self, payloads: Payloads<'_>) {
        match payloads {
            Payloads::None => {}
            Payloads::Lines(lines) => self.check_lines(lines.iter().map(|line| Some(line.clone()))),
            Payloads::Text(text) => {
                let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
                self.check_lines(lines.map(|line| PayloadLine::from_json(line).ok()));
            }
        }
    }

    fn check_lines(&mut self, lines: impl Iterator<Item = Option<PayloadLine>>) {
        let known: HashMap<u64, &Leaf> = (self.leaves.iter())
            .filter_map(|found| found.leaf.as_ref().ok())
            .map(|leaf| (leaf.header.seq, leaf))
            .collect();
        for (number, line) in (1..).zip(lines) {
            let Some(line) = line else {
                let first = self.index * WIDTH as u64;
                let detail = format!("Line {number} of the payloads of entry {first} and on cannot be read.");
                self.problems
                    .push(Problem::whole(ProblemKind::AlteredPayload, detail));
                continue;
            };
            let seq = line.seq;
            let problem = match known.get(&seq) {
                None => Some(format!(
                    "There is a payload for entry {seq}, but no such entry beside it."
                )),
                Some(leaf) if leaf.header.id != line.id => {
                    Some(format!("The payload of entry {seq} has another id."))
                }
                Some(leaf) => line.content.as_ref().and_then(|secret| {
                    (commitment(&secret.salt, &secret.payload) != leaf.commitment).then(|| {
                        format!("The payload of entry {seq} is not the one that the entry commits to.")
                    })
                }),
            };
            self.payloads += u64::from(line.content.is_some());
            self.erased += u64::from(line.content.is_none());
            self.problems
                .extend(problem.map(|detail| Problem::at(ProblemKind::AlteredPayload, seq, detail)));
        }
    }
}
