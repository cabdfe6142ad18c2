//! The tree cut into tiles of 256 hashes, as files or database rows (C2SP tlog-tiles).
//!
//! A tile at level `l` holds 256 roots of perfect subtrees of height `8 l`; level 0 holds leaf hashes. A full tile
//! never changes. The right-most tile of each level is partial, and what it holds can always be had from elsewhere:
//! at level 0 from the last entries, above from the roots of the full tiles below ([`partial_tiles`]).

use std::collections::HashMap;

use crate::hash::Hash;
use crate::tree::{Frontier, NodeId, NodeSource, perfect_root};

/// Hashes in a full tile.
pub const WIDTH: usize = 256;
/// Levels of the tree in one tile.
const HEIGHT: u8 = 8;

/// A tile: which of the tree's tile levels, and which one from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// Tile level; 0 holds leaf hashes.
    pub level: u8,
    /// Place in the level.
    pub index: u64,
}

/// A tile that has just become full, ready to be stored for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedTile {
    /// Tile level; 0 holds leaf hashes.
    pub level: u8,
    /// Place in the level.
    pub index: u64,
    /// The 256 hashes end to end, 8,192 bytes.
    pub hashes: Vec<u8>,
    /// Root of the tile: one of the hashes in the level above.
    pub root: Hash,
}

impl TileId {
    /// The tile from whose hashes this node is folded.
    pub fn of(node: NodeId) -> TileId {
        TileId {
            level: node.level / HEIGHT,
            index: node.index >> (HEIGHT - node.level % HEIGHT),
        }
    }

    /// Hashes that this tile holds in the tree of `size` leaves: 0 to 256.
    pub fn width(self, size: u64) -> usize {
        let hashes = size
            .checked_shr(u32::from(self.level) * u32::from(HEIGHT))
            .unwrap_or(0);
        let before = self.index.saturating_mul(WIDTH as u64);
        usize::try_from(hashes.saturating_sub(before))
            .unwrap_or(WIDTH)
            .min(WIDTH)
    }
}

/// The partial tiles of the tree of `size` leaves with their widths (1 to 255), lowest level first.
///
/// Level 0 is filled by the hashes of the last `width` leaves, level `l` by the roots of the full tiles
/// `256 * index ..` of level `l - 1`.
pub fn partial_tiles(size: u64) -> Vec<(TileId, usize)> {
    (0..HEIGHT)
        .map(|level| (level, size >> (level * HEIGHT)))
        .map(|(level, hashes)| {
            (
                TileId {
                    level,
                    index: hashes / WIDTH as u64,
                },
                hashes as usize % WIDTH,
            )
        })
        .filter(|&(_, width)| width > 0)
        .collect()
}

/// The hashes of a tile from their bytes, or `None` when these are not whole hashes or more than 256.
pub fn parse_tile(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() <= WIDTH).then(|| hashes.iter().copied().map(Hash).collect())
}

/// The bytes of a tile: its hashes end to end.
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Tiles at hand; answers for every node that they hold or that can be folded from them.
#[derive(Debug, Clone, Default)]
pub struct Tiles(HashMap<TileId, Vec<Hash>>);

impl Tiles {
    /// None yet.
    pub fn new() -> Tiles {
        Tiles::default()
    }

    /// Adds a full or partial tile.
    pub fn insert(&mut self, id: TileId, hashes: Vec<Hash>) {
        self.0.insert(id, hashes);
    }
}

impl NodeSource for Tiles {
    fn node(&self, id: NodeId) -> Option<Hash> {
        let tile = self.0.get(&TileId::of(id))?;
        let height = id.level % HEIGHT;
        let start = (id.index << height) as usize % WIDTH;
        tile.get(start..start + (1 << height)).map(perfect_root)
    }
}

/// A growing tree together with its partial tiles. Cheap to clone: some 8 KiB for each tile level.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TiledTree {
    frontier: Frontier,
    partial: Vec<Vec<Hash>>,
}

impl TiledTree {
    /// The empty tree.
    pub fn new() -> TiledTree {
        TiledTree::default()
    }

    /// The tree of `size` leaves from its partial tiles in the order of [`partial_tiles`]; `None` when their
    /// widths are not those of that size.
    pub fn restore(size: u64, partial: Vec<Vec<Hash>>) -> Option<TiledTree> {
        let wanted = partial_tiles(size);
        if wanted
            .iter()
            .map(|&(_, width)| width)
            .ne(partial.iter().map(Vec::len))
        {
            return None;
        }
        let mut tree = TiledTree::new();
        for ((id, _), hashes) in wanted.into_iter().zip(partial).rev() {
            for &hash in &hashes {
                tree.frontier.append_subtree(id.level * HEIGHT, hash, |_, _| ());
            }
            tree.level(usize::from(id.level)).extend(hashes);
        }
        Some(tree)
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The partial tiles as they stand, lowest level first.
    pub fn partial(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        partial_tiles(self.size())
            .into_iter()
            .map(|(id, _)| (id, self.partial[usize::from(id.level)].as_slice()))
    }

    /// Adds a leaf; tiles that it fills are handed to `completed`, lowest level first.
    pub fn append(&mut self, leaf: Hash, mut completed: impl FnMut(CompletedTile)) {
        let mut frontier = std::mem::take(&mut self.frontier);
        frontier.append_subtree(0, leaf, |node, hash| {
            if node.level % HEIGHT != 0 {
                return;
            }
            let level = usize::from(node.level / HEIGHT);
            if level > 0 {
                let full = std::mem::take(self.level(level - 1));
                let hashes = tile_bytes(&full);
                completed(CompletedTile {
                    level: node.level / HEIGHT - 1,
                    index: node.index,
                    hashes,
                    root: hash,
                });
            }
            self.level(level).push(hash);
        });
        self.frontier = frontier;
    }

    fn level(&mut self, level: usize) -> &mut Vec<Hash> {
        if self.partial.len() <= level {
            self.partial.resize_with(level + 1, Vec::new);
        }
        &mut self.partial[level]
    }
}

/// Where a tile lies below the log's prefix: `tile/0/x001/234`, with `.p/12` when it is 12 hashes wide.
pub fn tile_path(id: TileId, width: usize) -> String {
    format!("tile/{}/{}", id.level, numbered_path(id.index, width))
}

/// Where the bundle of the entries `256 * index ..` lies below the log's prefix.
pub fn entries_path(index: u64, width: usize) -> String {
    format!("tile/entries/{}", numbered_path(index, width))
}

/// An index in three-digit path elements, all but the last after an `x`, with the width of a partial tile.
pub(crate) fn numbered_path(index: u64, width: usize) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH {
        format!("{path}.p/{width}")
    } else {
        path
    }
}

/// The index and width that a path made of three-digit elements names; the opposite of [`tile_path`] after the
/// level and of [`entries_path`] after the prefix. `None` unless it is exactly what those write.
pub fn parse_numbered_path(path: &str) -> Option<(u64, usize)> {
    let (digits, width) = match path.split_once(".p/") {
        Some((digits, width)) => (
            digits,
            width.parse().ok().filter(|width| (1..WIDTH).contains(width))?,
        ),
        None => (path, WIDTH),
    };
    let mut index = 0u64;
    for element in digits.split('/') {
        let element = element.strip_prefix('x').unwrap_or(element);
        index = index.checked_mul(1000)?.checked_add(element.parse().ok()?)?;
    }
    (numbered_path(index, width) == path).then_some((index, width))
}

/// Appends a leaf to a bundle: its length in two bytes, big-endian, and its bytes.
///
/// # Panics
/// When the leaf is longer than 65,535 bytes; leaves of this crate have at most 164.
pub fn push_to_bundle(bundle: &mut Vec<u8>, leaf: &[u8]) {
    let length = u16::try_from(leaf.len()).expect("a leaf is shorter than 64 KiB");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(leaf);
}

/// The leaves of a bundle, and the bytes after the last whole one: none when the bundle is sound.
pub fn split_bundle(bundle: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut leaves = Vec::with_capacity(WIDTH);
    let mut rest = bundle;
    while let Some((leaf, after)) = split_leaf(rest) {
        leaves.push(leaf);
        rest = after;
    }
    (leaves, rest)
}

fn split_leaf(bundle: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bundle.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
