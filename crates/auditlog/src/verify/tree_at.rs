//! A tree that remembers its root at chosen sizes, and what its tiles above the leaves must hold.

use std::collections::BTreeMap;

use super::group::Hashed;
use crate::hash::{Hash, empty_root};
use crate::tile::{TileId, WIDTH};
use crate::tree::Frontier;

const TILE_HEIGHT: u8 = 8;

pub(super) struct TreeAt {
    frontier: Frontier,
    /// An entry was missing: what comes after has no place in this tree.
    interrupted: bool,
    /// Sizes whose roots are wanted, rising.
    sizes: Vec<u64>,
    roots: BTreeMap<u64, Hash>,
    /// Roots of full tiles: of those at level 0 first, which are the hashes of the tiles at level 1.
    upper: Vec<Vec<Hash>>,
}

impl TreeAt {
    pub(super) fn new(sizes: &[u64]) -> TreeAt {
        let roots = sizes
            .iter()
            .filter(|&&size| size == 0)
            .map(|_| (0, empty_root()))
            .collect();
        let mut sizes = sizes.to_vec();
        sizes.sort_unstable();
        TreeAt {
            frontier: Frontier::new(),
            interrupted: false,
            sizes,
            roots,
            upper: Vec::new(),
        }
    }

    /// Adds the next leaf.
    pub(super) fn push(&mut self, leaf: Hash) {
        self.append(0, leaf);
    }

    /// Adds 256 leaves whose root is known.
    pub(super) fn push_group(&mut self, leaves: impl Iterator<Item = Hash>, root: Hash) {
        let start = self.frontier.size();
        let next = self.sizes.partition_point(|&size| size <= start);
        if self
            .sizes
            .get(next)
            .is_some_and(|&size| size < start + WIDTH as u64)
        {
            leaves.for_each(|leaf| self.push(leaf));
        } else {
            self.append(TILE_HEIGHT, root);
        }
    }

    /// Adds what the group's stored tile holds; without it the tree ends here.
    pub(super) fn push_tile(&mut self, group: &Hashed) {
        let follows = group.index * WIDTH as u64 == self.frontier.size();
        match (&group.tile, group.tile_root) {
            (Some(tile), Some(root)) if follows => self.push_group(tile.iter().copied(), root),
            (Some(tile), None) if follows => tile.iter().for_each(|&hash| self.push(hash)),
            _ => self.interrupt(),
        }
    }

    /// The next leaf is not known; the roots so far stay.
    pub(super) fn interrupt(&mut self) {
        self.interrupted = true;
    }

    fn append(&mut self, level: u8, hash: Hash) {
        if self.interrupted {
            return;
        }
        self.frontier.append_subtree(level, hash, |node, hash| {
            if node.level > 0 && node.level % TILE_HEIGHT == 0 {
                let level = usize::from(node.level / TILE_HEIGHT) - 1;
                if self.upper.len() <= level {
                    self.upper.resize_with(level + 1, Vec::new);
                }
                self.upper[level].push(hash);
            }
        });
        let size = self.frontier.size();
        if self.sizes.binary_search(&size).is_ok() {
            self.roots.insert(size, self.frontier.root());
        }
    }

    /// The root at one of the sizes asked for, if the tree came that far.
    pub(super) fn root_at(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).copied()
    }

    /// The root over everything, unless something was missing.
    pub(super) fn root(&self) -> Option<Hash> {
        (!self.interrupted).then(|| self.frontier.root())
    }

    /// Whether a tile above the leaves differs from this tree, as far as the tree goes.
    pub(super) fn differs(&self, id: TileId, tile: &[Hash]) -> bool {
        let level = (id.level as usize)
            .checked_sub(1)
            .and_then(|level| self.upper.get(level));
        let start = (id.index as usize).saturating_mul(WIDTH);
        let made = level.and_then(|level| level.get(start..)).unwrap_or_default();
        tile.iter().zip(made).any(|(stored, made)| stored != made)
    }
}
