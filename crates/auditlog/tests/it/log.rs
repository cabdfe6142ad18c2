//! Entries and logs to test with.

use auditlog::{Appender, Kind, NewEntry, Numbered, commitment};

/// The payload of the n-th entry.
pub(crate) fn payload(n: u64) -> Vec<u8> {
    format!(r#"{{"actor":"customer {n}","amount":{}}}"#, n * 100).into_bytes()
}

/// The salt of the n-th entry.
pub(crate) fn salt(n: u64) -> [u8; 32] {
    auditlog::hash::sha256(&n.to_be_bytes()).0
}

/// The id of the n-th entry, in the form of a UUIDv7.
pub(crate) fn id(n: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(n << 16 | 0x7000).to_be_bytes());
    id[8..].copy_from_slice(&(n | 1 << 63).to_be_bytes());
    id
}

/// The n-th entry, not numbered yet.
pub(crate) fn entry(n: u64) -> NewEntry {
    const KIND: Kind = Kind::from_static("order.placed");
    NewEntry {
        id: id(n),
        kind: KIND,
        schema: 1,
        commitment: commitment(&salt(n), &payload(n)),
    }
}

/// A log of this many entries, numbered in one batch, with its end.
pub(crate) fn numbered(size: u64) -> (Appender, Numbered) {
    let mut appender = Appender::new();
    let numbered = appender.number(1_700_000_000_000_000, (0..size).map(entry));
    (appender, numbered)
}
