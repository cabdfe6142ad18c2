//! The Merkle tree of RFC 6962 §2.1 and RFC 9162 §2.1: growing it, proving with it, checking proofs.
//!
//! A proof is built in two steps, so that a caller who reads from a database first learns which nodes it needs:
//! [`inclusion_plan`] or [`consistency_plan`] lists them, [`ProofPlan::build`] folds them. Only *perfect*
//! subtrees are ever stored or asked for; what the right edge of the tree adds is folded here.

use crate::hash::{Hash, empty_root, node_hash};

/// A perfect subtree: it covers the leaves `index << level` up to, not including, `(index + 1) << level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    /// Height; 0 is a leaf.
    pub level: u8,
    /// Place among the subtrees of that height.
    pub index: u64,
}

/// Where node hashes are read from.
pub trait NodeSource {
    /// Hash of a perfect subtree, or `None` when the source does not hold it.
    fn node(&self, id: NodeId) -> Option<Hash>;
}

/// Which perfect subtrees make up a proof: one list for each hash of the proof, in the proof's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlan(Vec<Vec<NodeId>>);

/// Why there is no proof, or why it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The entry or the older tree lies outside the tree.
    #[error("outside the tree")]
    OutOfRange,
    /// The source lacks a node that the proof needs.
    #[error("the hash of the subtree at level {}, index {} is not at hand", .0.level, .0.index)]
    MissingNode(NodeId),
    /// The proof has too few or too many hashes.
    #[error("the proof has the wrong length")]
    WrongLength,
    /// The proof leads to another root.
    #[error("the proof does not lead to the root")]
    WrongRoot,
}

/// Nodes of the inclusion proof of the leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1).
///
/// # Errors
/// [`TreeError::OutOfRange`] unless `index < size`.
pub fn inclusion_plan(index: u64, size: u64) -> Result<ProofPlan, TreeError> {
    if index >= size {
        return Err(TreeError::OutOfRange);
    }
    let (mut start, mut end) = (0, size);
    let mut siblings = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            siblings.push(cover(middle, end));
            end = middle;
        } else {
            siblings.push(cover(start, middle));
            start = middle;
        }
    }
    siblings.reverse();
    Ok(ProofPlan(siblings))
}

/// Nodes of the proof that the tree of `old` leaves is the beginning of the tree of `new` leaves
/// (RFC 9162 §2.1.4.1). The proof is empty when the two are one.
///
/// # Errors
/// [`TreeError::OutOfRange`] unless `0 < old <= new`: the empty tree begins every tree, which proves nothing.
pub fn consistency_plan(old: u64, new: u64) -> Result<ProofPlan, TreeError> {
    if old == 0 || old > new {
        return Err(TreeError::OutOfRange);
    }
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, new);
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            parts.push(cover(middle, end));
            end = middle;
        } else {
            parts.push(cover(start, middle));
            start = middle;
        }
    }
    // The verifier knows the old root; when the old tree is one perfect subtree it needs nothing more.
    if start > 0 {
        parts.push(cover(start, end));
    }
    parts.reverse();
    Ok(ProofPlan(parts))
}

/// Nodes that fold to the root of the tree of `size` leaves.
pub fn root_plan(size: u64) -> ProofPlan {
    ProofPlan(if size == 0 {
        Vec::new()
    } else {
        vec![cover(0, size)]
    })
}

impl ProofPlan {
    /// All nodes that [`ProofPlan::build`] will ask for.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.0.iter().flatten().copied()
    }

    /// The hashes of the proof.
    ///
    /// # Errors
    /// [`TreeError::MissingNode`] when the source lacks one.
    pub fn build(&self, source: &impl NodeSource) -> Result<Vec<Hash>, TreeError> {
        self.0.iter().map(|part| fold(part, source)).collect()
    }
}

/// Root of the part of the tree that these subtrees, from left to right, make up.
fn fold(part: &[NodeId], source: &impl NodeSource) -> Result<Hash, TreeError> {
    let mut root = None;
    for &id in part.iter().rev() {
        let left = source.node(id).ok_or(TreeError::MissingNode(id))?;
        root = Some(root.map_or(left, |right| node_hash(left, right)));
    }
    Ok(root.unwrap_or_else(empty_root))
}

/// Checks an inclusion proof (RFC 9162 §2.1.3.2).
///
/// # Errors
/// When the proof does not show that `leaf` is at `index` in the tree of this size and root.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError::OutOfRange);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for &sibling in proof {
        if last == 0 {
            return Err(TreeError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, hash);
            let skipped = node.trailing_zeros();
            node >>= skipped;
            last >>= skipped;
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(TreeError::WrongLength);
    }
    if hash == root {
        Ok(())
    } else {
        Err(TreeError::WrongRoot)
    }
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 9162 §2.1.4.2).
///
/// # Errors
/// When the proof does not show it, or `old` is 0.
pub fn verify_consistency(
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), TreeError> {
    if old == 0 || old > new {
        return Err(TreeError::OutOfRange);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(TreeError::WrongLength),
            (true, false) => Err(TreeError::WrongRoot),
            (true, true) => Ok(()),
        };
    }
    let (mut node, mut last) = (old - 1, new - 1);
    let skipped = node.trailing_ones();
    node >>= skipped;
    last >>= skipped;
    // A perfect old tree is itself the first node of the proof and is left out of it.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(TreeError::WrongLength)?;
        (*first, rest)
    };
    let (mut from_old, mut from_new) = (first, first);
    for &hash in rest {
        if last == 0 {
            return Err(TreeError::WrongLength);
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(hash, from_old);
            from_new = node_hash(hash, from_new);
            let skipped = node.trailing_zeros();
            node >>= skipped;
            last >>= skipped;
        } else {
            from_new = node_hash(from_new, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(TreeError::WrongLength);
    }
    if from_old == old_root && from_new == new_root {
        Ok(())
    } else {
        Err(TreeError::WrongRoot)
    }
}

/// Largest power of two below `count`, which is at least 2: where a tree of that many leaves is split.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The perfect subtrees that make up the leaves `start` to `end`, from left to right.
fn cover(mut start: u64, end: u64) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    while start < end {
        let level = (end - start).ilog2().min(start.trailing_zeros());
        nodes.push(NodeId {
            level: level as u8,
            index: start >> level,
        });
        start += 1 << level;
    }
    nodes
}

/// The right edge of a growing tree: the roots of its perfect subtrees, largest first. At most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree as it stands.
    pub fn root(&self) -> Hash {
        self.nodes
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(left, right))
            .unwrap_or_else(empty_root)
    }

    /// Adds one leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_subtree(0, leaf, |_, _| ());
    }

    /// Adds a whole perfect subtree of `1 << level` leaves and tells of every perfect subtree that it completes,
    /// itself included, from the lowest up.
    ///
    /// # Panics
    /// When the size is not a multiple of `1 << level`: the subtree would not be one of this tree.
    pub fn append_subtree(&mut self, level: u8, root: Hash, mut completed: impl FnMut(NodeId, Hash)) {
        let mut id = NodeId {
            level,
            index: self.size >> level,
        };
        assert_eq!(
            id.index << level,
            self.size,
            "a subtree starts at a multiple of its width"
        );
        let mut hash = root;
        completed(id, hash);
        while id.index & 1 == 1 {
            let left = self
                .nodes
                .pop()
                .expect("an odd index has a left neighbour on the edge");
            hash = node_hash(left, hash);
            id = NodeId {
                level: id.level + 1,
                index: id.index >> 1,
            };
            completed(id, hash);
        }
        self.nodes.push(hash);
        self.size += 1 << level;
    }
}

/// Root of a perfect subtree over these hashes.
///
/// # Panics
/// When their number is not a power of two.
pub fn perfect_root(hashes: &[Hash]) -> Hash {
    assert!(
        hashes.len().is_power_of_two(),
        "a perfect subtree has a power of two of leaves"
    );
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        for pair in 0..row.len() / 2 {
            row[pair] = node_hash(row[2 * pair], row[2 * pair + 1]);
        }
        row.truncate(row.len() / 2);
    }
    row[0]
}
