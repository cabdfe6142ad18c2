//! Numbering: the one function that turns committed entries into leaves of the chain and the tree.
//!
//! Whoever stores the result does so in one transaction and keeps the appender only if that commits; otherwise it
//! drops its clone. The state can be read back at any time from what was stored ([`Appender::restore`]).

use crate::entry::{Header, Kind, Leaf, LeafError, NewEntry, entry_hash};
use crate::hash::{Hash, leaf_hash};
use crate::tile::{CompletedTile, TiledTree};

/// The end of the log, to which entries are added. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appender {
    tree: TiledTree,
    last_hash: Hash,
    last_recorded_at: Option<i64>,
}

/// Where the log stands: what a checkpoint signs and what a stale writer is told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries, also the sequence of the next one.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// Hash of the last entry; [`Hash::ZERO`] while there is none.
    pub last_hash: Hash,
}

/// A batch, numbered and hashed, with the tiles that it filled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbered {
    /// In the order given.
    pub entries: Vec<NumberedEntry>,
    /// Lower levels first where one entry fills several.
    pub tiles: Vec<CompletedTile>,
}

/// One entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedEntry {
    /// Place in the log; the first entry is 0.
    pub seq: u64,
    /// The id it came with.
    pub id: [u8; 16],
    /// The kind it came with.
    pub kind: Kind,
    /// Microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    /// Canonical bytes.
    pub leaf: Vec<u8>,
    /// Hash of the leaf in the tree, not the one in the chain.
    pub leaf_hash: Hash,
}

/// Stored state from which the log cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The partial tiles are not those of a tree of this size.
    #[error("the partial tiles do not fit the size of the log")]
    Tiles,
    /// The last entry is missing, or there is one though the log is empty.
    #[error("the last entry does not fit the size of the log")]
    LastEntry,
    /// The last entry is not a leaf.
    #[error("the last entry is damaged: {0}")]
    Leaf(#[from] LeafError),
}

impl Appender {
    /// The empty log.
    pub fn new() -> Appender {
        Appender::default()
    }

    /// The end of a stored log: its size, its last leaf, and its partial tiles in the order of
    /// [`crate::tile::partial_tiles`], which says where they are read from.
    ///
    /// # Errors
    /// When these do not fit together.
    pub fn restore(
        size: u64,
        last_leaf: Option<&[u8]>,
        partial: Vec<Vec<Hash>>,
    ) -> Result<Appender, RestoreError> {
        let Some(bytes) = last_leaf else {
            return if size == 0 && partial.is_empty() {
                Ok(Appender::new())
            } else {
                Err(RestoreError::LastEntry)
            };
        };
        let last = Leaf::decode(bytes)?.header;
        if last.seq.checked_add(1) != Some(size) {
            return Err(RestoreError::LastEntry);
        }
        let tree = TiledTree::restore(size, partial).ok_or(RestoreError::Tiles)?;
        let in_tile = tree.partial().next().filter(|(id, _)| id.level == 0);
        if in_tile.is_some_and(|(_, hashes)| hashes.last() != Some(&leaf_hash(bytes))) {
            return Err(RestoreError::LastEntry);
        }
        Ok(Appender {
            tree,
            last_hash: entry_hash(bytes),
            last_recorded_at: Some(last.recorded_at),
        })
    }

    /// Where the log stands.
    pub fn head(&self) -> Head {
        Head {
            size: self.tree.size(),
            root: self.tree.root(),
            last_hash: self.last_hash,
        }
    }

    /// The tree with its partial tiles.
    pub fn tree(&self) -> &TiledTree {
        &self.tree
    }

    /// Numbers and hashes a batch. All of it is recorded at `now`, microseconds since 1970-01-01 UTC, or at the
    /// time of the last entry when the clock has gone back.
    pub fn number(&mut self, now: i64, batch: impl IntoIterator<Item = NewEntry>) -> Numbered {
        let recorded_at = self.last_recorded_at.map_or(now, |last| last.max(now));
        let batch = batch.into_iter();
        let mut numbered = Numbered {
            entries: Vec::with_capacity(batch.size_hint().0),
            tiles: Vec::new(),
        };
        for NewEntry {
            id,
            kind,
            schema,
            commitment,
        } in batch
        {
            let seq = self.tree.size();
            let header = Header {
                seq,
                recorded_at,
                id,
                kind,
                schema,
            };
            let leaf = Leaf {
                header,
                previous: self.last_hash,
                commitment,
            };
            let bytes = leaf.encode();
            let leaf_hash = leaf_hash(&bytes);
            self.last_hash = entry_hash(&bytes);
            self.last_recorded_at = Some(recorded_at);
            self.tree.append(leaf_hash, |tile| numbered.tiles.push(tile));
            let kind = leaf.header.kind;
            numbered.entries.push(NumberedEntry {
                seq,
                id,
                kind,
                recorded_at,
                leaf: bytes,
                leaf_hash,
            });
        }
        numbered
    }
}
