//! The reference vectors for proofs (RFC 6962), every one of them, the refused ones above all.

use std::path::PathBuf;

use auditlog::Hash;
use auditlog::tree::{verify_consistency, verify_inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
        let valid = hashes(&v.proof).is_some_and(|proof| {
            let (Ok(leaf), Ok(root)) = (v.leaf_hash.parse(), v.root.parse()) else {
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
        let (old, new) = (padded(&v.root1), padded(&v.root2));
        let valid = hashes(&v.proof)
            .is_some_and(|proof| verify_consistency(v.size1, old, v.size2, new, &proof).is_ok());
        assert_eq!(valid, !v.want_err, "{}", v.name);
    }
}

/// A proof; a hash in it that has not 32 bytes cannot even be read, which is a refusal too.
fn hashes(proof: &Option<Vec<String>>) -> Option<Vec<Hash>> {
    proof
        .as_deref()
        .unwrap_or_default()
        .iter()
        .map(|text| text.parse().ok())
        .collect()
}

/// A root. Some consistency vectors have a short text for one, equal or not to the other: filled up with zeros, so
/// that the verifier gets to judge it.
fn padded(text: &str) -> Hash {
    let mut bytes = STANDARD.decode(text).unwrap();
    assert!(bytes.len() <= 32, "{text}");
    bytes.resize(32, 0);
    Hash(bytes.try_into().unwrap())
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
