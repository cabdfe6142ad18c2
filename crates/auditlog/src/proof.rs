//! Proof files: that one entry is in the log, to be checked by anybody, offline (C2SP tlog-proof).
//!
//! The file holds the entry's index, the inclusion proof and a signed checkpoint. It does not hold the entry: whoever
//! checks it has the leaf's bytes, and if they also have salt and payload, can see what the leaf commits to.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{self, Checkpoint, CheckpointError, VerifyingKey, decimal};
use crate::entry::{Leaf, LeafError};
use crate::hash::{Hash, leaf_hash};
use crate::tree::{TreeError, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// No tree of fewer than 2^64 leaves is higher, so no proof has more hashes.
const MAX_HASHES: usize = 64;

/// A proof file. Its text form is [`fmt::Display`] and [`FromStr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Anything the application likes to add; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry, which is its sequence.
    pub index: u64,
    /// Inclusion proof, from the leaf's sibling up (RFC 6962 §2.1.1).
    pub hashes: Vec<Hash>,
    /// The signed note of the checkpoint, word for word.
    pub checkpoint: String,
}

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not in the form of a proof file.
    #[error("not a proof file")]
    Malformed,
    /// The checkpoint is refused.
    #[error("the checkpoint in the proof: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not lead from the entry to the checkpoint.
    #[error("the entry is not shown to be in the log: {0}")]
    Inclusion(#[from] TreeError),
    /// The entry is not a leaf of this log's format.
    #[error("the entry: {0}")]
    Leaf(#[from] LeafError),
    /// The proof is for another sequence number than the entry's.
    #[error("the proof is for entry {proof}, but the entry calls itself {entry}")]
    OtherEntry {
        /// Index in the proof.
        proof: u64,
        /// Sequence in the entry.
        entry: u64,
    },
}

impl Proof {
    /// Checks that the log of this key holds the leaf, and returns the checkpoint under which it does.
    ///
    /// # Errors
    /// See [`ProofError`].
    pub fn verify(&self, leaf: &[u8], key: &VerifyingKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = checkpoint::open(&self.checkpoint, key)?;
        let entry = Leaf::decode(leaf)?.header.seq;
        if entry != self.index {
            return Err(ProofError::OtherEntry {
                proof: self.index,
                entry,
            });
        }
        verify_inclusion(
            leaf_hash(leaf),
            self.index,
            checkpoint.size,
            &self.hashes,
            checkpoint.root,
        )?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Proof, ProofError> {
        parse(text).ok_or(ProofError::Malformed)
    }
}

fn parse(text: &str) -> Option<Proof> {
    let (head, checkpoint) = text.split_once("\n\n")?;
    let mut lines = head.split('\n').peekable();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let extra = match lines.peek()?.strip_prefix("extra ") {
        Some(extra) => lines.next().and(Some(STANDARD.decode(extra).ok()?)),
        None => None,
    };
    let index = decimal(lines.next()?.strip_prefix("index ")?)?;
    let hashes = lines
        .map(|line| line.parse().ok())
        .collect::<Option<Vec<Hash>>>()?;
    (hashes.len() <= MAX_HASHES).then(|| Proof {
        extra,
        index,
        hashes,
        checkpoint: checkpoint.to_owned(),
    })
}
