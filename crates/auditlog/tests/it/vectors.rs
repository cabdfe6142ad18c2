//! The reference vectors for proofs (RFC 6962), every one of them, the refused ones above all.

use std::path::PathBuf;

use auditlog::Hash;
use auditlog::tree::{verify_consistency, verify_inclusion};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    name: String,
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    name: String,
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[test]
fn inclusion_vectors() {
    let vectors: Vec<Inclusion> = read("inclusion.json");
    assert!(vectors.iter().any(|v| v.want_err) && vectors.iter().any(|v| !v.want_err));
    for v in vectors {
        // A hash of the wrong length cannot even be read, which is a refusal too.
        let valid = hashes(&v.proof).is_some_and(|proof| {
            let (Some(leaf), Some(root)) = (hash(&v.leaf_hash), hash(&v.root)) else {
                return false;
            };
            verify_inclusion(leaf, v.leaf_idx, v.tree_size, &proof, root).is_ok()
        });
        assert_eq!(valid, !v.want_err, "{}", v.name);
    }
}

#[test]
fn consistency_vectors() {
    let vectors: Vec<Consistency> = read("consistency.json");
    assert!(vectors.iter().any(|v| v.want_err) && vectors.iter().any(|v| !v.want_err));
    for v in vectors {
        let valid = hashes(&v.proof).is_some_and(|proof| {
            let (Some(old), Some(new)) = (hash(&v.root1), hash(&v.root2)) else {
                return false;
            };
            verify_consistency(v.size1, old, v.size2, new, &proof).is_ok()
        });
        assert_eq!(valid, !v.want_err, "{}", v.name);
    }
}

fn hash(text: &str) -> Option<Hash> {
    text.parse().ok()
}

fn hashes(proof: &Option<Vec<String>>) -> Option<Vec<Hash>> {
    proof
        .as_deref()
        .unwrap_or_default()
        .iter()
        .map(|text| hash(text))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests find their reference data through the environment"
)]
fn read<T: DeserializeOwned>(name: &str) -> T {
    let folder = std::env::var_os("STOCKADE_TEST_DATA").expect(
        "set STOCKADE_TEST_DATA to the folder that holds merkle/inclusion.json and the other test data",
    );
    let path = PathBuf::from(folder).join("merkle").join(name);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap()
}
