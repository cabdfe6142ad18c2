//! A verifiable, append-only log: what is recorded can later be proved complete and unaltered.
//!
//! Every entry is a *leaf*: a header that names nobody, the hash of the entry before it, and a salted commitment
//! to a payload kept elsewhere ([`entry`]). The leaves form a chain and, at the same time, a Merkle tree
//! (RFC 6962 §2.1, RFC 9162 §2.1; [`tree`]), stored as tiles of 256 hashes ([`tile`], C2SP tlog-tiles). The head
//! of the tree is signed as a checkpoint ([`checkpoint`], C2SP tlog-checkpoint); a [`proof`] shows offline that
//! one entry is under it (C2SP tlog-proof). [`appender`] numbers entries, [`export`] writes and reads a
//! directory that mirrors can follow, and [`verify`] checks a whole log and names what is wrong with it.
//!
//! This crate knows neither databases nor servers, neither time nor chance: all of them are arguments.

pub mod appender;
pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod hash;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod verify;

pub use appender::{Appender, Head, Numbered, NumberedEntry};
pub use checkpoint::{Checkpoint, SigningKey, VerifyingKey};
pub use entry::{Header, Kind, Leaf, NewEntry, commitment};
pub use hash::Hash;
pub use proof::Proof;
pub use tile::{CompletedTile, TileId};
pub use tree::{Frontier, NodeId};
pub use verify::{Problem, ProblemKind, Report, Verifier};
