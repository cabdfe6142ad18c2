//! The tree against an independent implementation, and proofs that are bent a little.

use std::collections::HashMap;

use auditlog::hash::{Hash, leaf_hash, sha256};
use auditlog::tree::{
    Frontier, NodeId, NodeSource, TreeError, consistency_plan, inclusion_plan, root_plan, verify_consistency,
    verify_inclusion,
};
use ct_merkle::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update, consts::U32};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

/// The other implementation's tree, hashing with the same SHA-256.
type Reference = MemoryBackedTree<Sha256, Vec<u8>>;

#[derive(Default, Clone)]
struct Sha256(Vec<u8>);

impl HashMarker for Sha256 {}
impl OutputSizeUser for Sha256 {
    type OutputSize = U32;
}
impl Update for Sha256 {
    fn update(&mut self, data: &[u8]) {
        self.0.extend_from_slice(data);
    }
}
impl FixedOutput for Sha256 {
    fn finalize_into(self, out: &mut Output<Self>) {
        out.copy_from_slice(sha256(&self.0).as_bytes());
    }
}

#[derive(Default)]
struct Nodes(HashMap<NodeId, Hash>);

impl NodeSource for Nodes {
    fn node(&self, id: NodeId) -> Option<Hash> {
        self.0.get(&id).copied()
    }
}

/// A tree over `size` different leaves, all its nodes, and the same tree by the other implementation.
fn trees(size: u64) -> (Frontier, Nodes, Reference) {
    let (mut frontier, mut nodes, mut reference) = (Frontier::new(), Nodes::default(), Reference::new());
    for n in 0..size {
        let leaf = n.to_be_bytes().to_vec();
        frontier.append_subtree(0, leaf_hash(&leaf), |id, hash| {
            assert!(nodes.0.insert(id, hash).is_none())
        });
        reference.push(leaf);
    }
    (frontier, nodes, reference)
}

fn leaf(n: u64) -> Hash {
    leaf_hash(&n.to_be_bytes())
}

fn concat(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

fn root(size: u64, nodes: &Nodes) -> Hash {
    root_plan(size).build(nodes).unwrap()[0]
}

#[test]
fn every_proof_of_every_small_tree_agrees_with_the_other_implementation() {
    for size in 1..=40 {
        let (frontier, nodes, reference) = trees(size);
        assert_eq!(frontier.root().as_bytes()[..], reference.root().as_bytes()[..]);
        assert_eq!(frontier.root(), root(size, &nodes));
        for index in 0..size {
            let proof = inclusion_plan(index, size).unwrap().build(&nodes).unwrap();
            assert_eq!(
                concat(&proof),
                reference.prove_inclusion(index as usize).as_bytes()
            );
            assert_eq!(
                verify_inclusion(leaf(index), index, size, &proof, frontier.root()),
                Ok(())
            );
        }
        for old in 1..=size {
            let proof = consistency_plan(old, size).unwrap().build(&nodes).unwrap();
            assert_eq!(
                concat(&proof),
                reference.prove_consistency((size - old) as usize).as_bytes()
            );
            assert_eq!(
                verify_consistency(old, root(old, &nodes), size, frontier.root(), &proof),
                Ok(())
            );
        }
    }
}

#[test]
fn the_empty_tree_has_a_root_and_no_proofs() {
    assert_eq!(
        Frontier::new().root().as_bytes()[..],
        Reference::new().root().as_bytes()[..]
    );
    assert_eq!(inclusion_plan(0, 0), Err(TreeError::OutOfRange));
    assert_eq!(consistency_plan(0, 3), Err(TreeError::OutOfRange));
    assert_eq!(consistency_plan(4, 3), Err(TreeError::OutOfRange));
}

#[test]
fn a_missing_node_is_named() {
    let (_, mut nodes, _) = trees(6);
    let missing = NodeId { level: 1, index: 2 };
    nodes.0.remove(&missing);
    assert_eq!(
        inclusion_plan(0, 6).unwrap().build(&nodes),
        Err(TreeError::MissingNode(missing))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_of_larger_trees_agree(size in 1u64..3000, a in any::<u64>(), b in any::<u64>()) {
        let (frontier, nodes, reference) = trees(size);
        prop_assert!(frontier.root().as_bytes()[..] == reference.root().as_bytes()[..]);
        let (index, old) = (a % size, b % size + 1);
        let inclusion = inclusion_plan(index, size).unwrap().build(&nodes).unwrap();
        prop_assert!(concat(&inclusion) == reference.prove_inclusion(index as usize).as_bytes());
        let consistency = consistency_plan(old, size).unwrap().build(&nodes).unwrap();
        prop_assert!(concat(&consistency) == reference.prove_consistency((size - old) as usize).as_bytes());
    }

    #[test]
    fn bent_proofs_are_refused(size in 2u64..600, a in any::<u64>(), bit in any::<u8>(), at in any::<usize>()) {
        let (frontier, nodes, _) = trees(size);
        let (index, root_of_all) = (a % size, frontier.root());
        let proof = inclusion_plan(index, size).unwrap().build(&nodes).unwrap();
        let check = |index, size, proof: &[Hash]| verify_inclusion(leaf(a % size), index, size, proof, root_of_all);
        let mut bent = proof.clone();
        bent[at % proof.len()].0[usize::from(bit) % 32] ^= 1 << (bit % 8);
        prop_assert_eq!(check(index, size, &bent), Err(TreeError::WrongRoot));
        prop_assert!(check((index + 1) % size, size, &proof).is_err());
        prop_assert!(check(index, size, &proof[1..]).is_err());
        prop_assert!(check(index, size, &[&proof[..], &[root_of_all]].concat()).is_err());

        let old = a % (size - 1) + 1;
        let proof = consistency_plan(old, size).unwrap().build(&nodes).unwrap();
        let check = |proof: &[Hash]| verify_consistency(old, root(old, &nodes), size, root_of_all, proof);
        prop_assert_eq!(check(&proof), Ok(()));
        let mut bent = proof.clone();
        bent[at % proof.len()].0[usize::from(bit) % 32] ^= 1 << (bit % 8);
        prop_assert_eq!(check(&bent), Err(TreeError::WrongRoot));
        prop_assert!(check(&proof[1..]).is_err());
        prop_assert!(check(&[&proof[..], &[root_of_all]].concat()).is_err());
    }
}
