//! The part of verifying that goes in order: which entry stands where, and whether each holds the hash of the one
//! before. Collects what is odd; judging it has to wait for the end (see `judge`).
//!
//! An entry that does not carry the next number is one of three things, told apart by where it is stored, by the
//! tile and by the entry that follows: entries before it are missing; or it stands in another's place; or it was put
//! in between and takes nobody's place.

use super::group::{Hashed, HashedLeaf};
use super::ranges::Ranges;
use super::tree_at::TreeAt;
use crate::entry::LeafError;
use crate::hash::Hash;
use crate::tile::WIDTH;

/// How far the log has been followed, and what was odd on the way.
pub(super) struct Walk {
    /// Sequence of the next entry.
    pub(super) next: u64,
    /// Entries found.
    pub(super) found: u64,
    /// Hash of the entry before, when that one is known to be in its place.
    last: Option<Hash>,
    /// Tree over the entries found.
    pub(super) entries: TreeAt,
    /// Tree over the leaf hashes that the stored tiles hold.
    pub(super) tiles: TreeAt,
    /// Entries that have not turned up.
    pub(super) missing: Ranges,
    /// Entries whose hash is not the one in the tile.
    pub(super) unlike_tile: Ranges,
    /// Entries that do not hold the hash of the one before.
    pub(super) unchained: Ranges,
    /// Bytes that are no entry, by the place they take.
    pub(super) malformed: Vec<(u64, LeafError)>,
    /// Entries that stand between others where they do not belong.
    pub(super) astray: Vec<Astray>,
    /// Entries that take the place of others.
    pub(super) strangers: Vec<Stranger>,
}

pub(super) struct Astray {
    pub(super) seq: u64,
    /// The entry before which it was found.
    pub(super) before: u64,
    /// It is in its place, too. Known once the walk is over.
    pub(super) again: bool,
}

pub(super) struct Stranger {
    pub(super) place: u64,
    pub(super) claim: u64,
    /// It is certainly not the entry that it says it is.
    pub(super) refuted: bool,
}

/// What an entry that does not carry the next number is.
enum OutOfStep {
    AfterGap,
    InBetween,
    Stranger { refuted: bool },
}

impl Walk {
    /// At the beginning of a log; the roots at these sizes will be wanted.
    pub(super) fn new(sizes: &[u64]) -> Walk {
        Walk {
            next: 0,
            found: 0,
            last: Some(Hash::ZERO),
            entries: TreeAt::new(sizes),
            tiles: TreeAt::new(sizes),
            missing: Ranges::default(),
            unlike_tile: Ranges::default(),
            unchained: Ranges::default(),
            malformed: Vec::new(),
            astray: Vec::new(),
            strangers: Vec::new(),
        }
    }

    /// Follows groups, which come in rising order.
    pub(super) fn follow(&mut self, groups: &[Hashed]) {
        for (number, group) in groups.iter().enumerate() {
            self.found += group.leaves.len() as u64;
            self.tiles.push_tile(group);
            if self.pass_sound(group) {
                continue;
            }
            let later = groups[number + 1..].iter().find_map(|group| group.leaves.first());
            for (at, leaf) in group.leaves.iter().enumerate() {
                self.step(leaf, group.leaves.get(at + 1).or(later), groups);
            }
        }
    }

    /// Passes a whole group at once when it is sound and follows on what came before.
    fn pass_sound(&mut self, group: &Hashed) -> bool {
        let (Some(root), [first, .., last]) = (group.root, group.leaves.as_slice()) else {
            return false;
        };
        let follows = group.sound && first.seq() == Some(self.next) && self.last == first.previous();
        if follows {
            self.entries
                .push_group(group.leaves.iter().map(|leaf| leaf.leaf_hash), root);
            self.last = Some(last.entry_hash);
            self.next += WIDTH as u64;
        }
        follows
    }

    fn step(&mut self, found: &HashedLeaf, following: Option<&HashedLeaf>, groups: &[Hashed]) {
        let leaf = match &found.leaf {
            Ok(leaf) => leaf,
            Err(error) => {
                self.skip_to(found.position);
                self.malformed.push((self.next, *error));
                return self.occupy(found);
            }
        };
        let seq = leaf.header.seq;
        if seq == self.next {
            return self.place(found, groups);
        }
        match self.out_of_step(found, seq, following, groups) {
            OutOfStep::AfterGap => {
                self.skip_to(seq);
                self.place(found, groups);
            }
            OutOfStep::InBetween => {
                let before = self.next;
                self.astray.push(Astray {
                    seq,
                    before,
                    again: false,
                });
            }
            OutOfStep::Stranger { refuted } => {
                self.skip_to(found.position);
                self.strangers.push(Stranger {
                    place: self.next,
                    claim: seq,
                    refuted,
                });
                self.occupy(found);
            }
        }
    }

    fn out_of_step(
        &self,
        found: &HashedLeaf,
        seq: u64,
        following: Option<&HashedLeaf>,
        groups: &[Hashed],
    ) -> OutOfStep {
        let ahead = seq > self.next;
        if ahead && found.position == seq {
            return OutOfStep::AfterGap;
        }
        let in_tile = tile_hash(groups, seq).map(|hash| hash == found.leaf_hash);
        let refuted = in_tile == Some(false);
        let follower = following.and_then(HashedLeaf::seq);
        if follower == Some(self.next) && !refuted {
            return OutOfStep::InBetween;
        }
        if follower == Some(self.next.saturating_add(1)) {
            return OutOfStep::Stranger { refuted };
        }
        let chained = follower == Some(seq.saturating_add(1))
            && following.and_then(HashedLeaf::previous) == Some(found.entry_hash);
        let rising = follower.is_some_and(|follower| follower > seq);
        match (ahead, in_tile) {
            (true, Some(true)) => OutOfStep::AfterGap,
            (true, _) if chained => OutOfStep::AfterGap,
            (true, None) if rising => OutOfStep::AfterGap,
            (false, Some(true)) => OutOfStep::InBetween,
            _ => OutOfStep::Stranger { refuted },
        }
    }

    /// Once every entry was seen: those astray are in their place too, unless they were missed there.
    pub(super) fn settle(&mut self) {
        for astray in &mut self.astray {
            astray.again = !self.missing.remove(astray.seq);
        }
    }

    /// The entry is the next one.
    fn place(&mut self, found: &HashedLeaf, groups: &[Hashed]) {
        let seq = self.next;
        if self.last.is_some() && self.last != found.previous() {
            self.unchained.push(seq..seq + 1);
        }
        if tile_hash(groups, seq).is_some_and(|hash| hash != found.leaf_hash) {
            self.unlike_tile.push(seq..seq + 1);
        }
        self.occupy(found);
        self.last = Some(found.entry_hash);
    }

    /// Something takes the place of the next entry; what the one after it should hold is not known.
    fn occupy(&mut self, found: &HashedLeaf) {
        self.entries.push(found.leaf_hash);
        self.last = None;
        self.next = self.next.saturating_add(1);
    }

    fn skip_to(&mut self, seq: u64) {
        if seq > self.next {
            self.missing.push(self.next..seq);
            self.entries.interrupt();
            self.last = None;
            self.next = seq;
        }
    }
}

/// The hash that a stored tile near by holds for the entry.
fn tile_hash(groups: &[Hashed], seq: u64) -> Option<Hash> {
    let group = groups
        .binary_search_by_key(&(seq / WIDTH as u64), |group| group.index)
        .ok()?;
    groups[group].tile.as_ref()?.get(seq as usize % WIDTH).copied()
}
