//! What one entry of the log is, byte for byte.
//!
//! Canonical bytes of a leaf, integers big-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 1 | format version, 1 |
//! | 8 | sequence; the first entry is 0, so that the sequence is the index in the tree |
//! | 8 | recorded at, microseconds since 1970-01-01 UTC, signed; never falls from one entry to the next |
//! | 16 | id, a UUIDv7 |
//! | 2 | schema version of the payload |
//! | 1 | length of the kind, 1 to 64 |
//! | n | kind, printable ASCII without spaces |
//! | 32 | SHA-256 of the leaf before; zeros for the first |
//! | 32 | commitment to the payload |
//!
//! The header never names a person. Who and what is in the payload, which lies beside the log and can be erased:
//! the commitment is keyed with a salt of its own, so that without the salt nothing can be guessed from it.

use std::borrow::Cow;
use std::fmt;

use aws_lc_rs::hmac;

use crate::hash::{self, Hash};

const VERSION: u8 = 1;
const FIXED_HEADER: usize = 1 + 8 + 8 + 16 + 2 + 1;
const HASHES: usize = 64;

/// Longest kind, in bytes.
pub const MAX_KIND: usize = 64;
/// Longest leaf, in bytes.
pub const MAX_LEAF: usize = FIXED_HEADER + MAX_KIND + HASHES;

/// An entry that a business transaction committed and nobody has numbered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// UUIDv7, made by the transaction.
    pub id: [u8; 16],
    /// What happened, for instance `order.placed`.
    pub kind: Kind,
    /// Version of the payload's schema.
    pub schema: u16,
    /// [`commitment`] to the payload.
    pub commitment: Hash,
}

/// What an entry says without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Place in the log; the first entry is 0.
    pub seq: u64,
    /// When it was numbered, microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    /// UUIDv7, made by the transaction.
    pub id: [u8; 16],
    /// What happened.
    pub kind: Kind,
    /// Version of the payload's schema.
    pub schema: u16,
}

/// A numbered entry: the bytes that are hashed, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What it says.
    pub header: Header,
    /// Hash of the entry before; [`Hash::ZERO`] for the first.
    pub previous: Hash,
    /// Commitment to the payload.
    pub commitment: Hash,
}

/// What happened, in the business's words: 1 to 64 printable ASCII characters without spaces.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(Cow<'static, str>);

/// Why bytes are not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The version byte is not one this program knows.
    #[error("unknown format version {0}")]
    Version(u8),
    /// Too few or too many bytes for the kind's length.
    #[error("wrong length")]
    Length,
    /// The kind breaks its rule.
    #[error(transparent)]
    Kind(#[from] KindError),
}

/// The kind is empty, too long, or has a character that is not printable ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kind is 1 to 64 printable ASCII characters without spaces")]
pub struct KindError;

/// Commitment to a payload: HMAC-SHA256 under the entry's own salt (RFC 2104).
pub fn commitment(salt: &[u8; 32], payload: &[u8]) -> Hash {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), payload);
    Hash(tag.as_ref().try_into().expect("an HMAC-SHA256 tag has 32 bytes"))
}

/// Hash of an entry, which the next entry holds: SHA-256 of the leaf's bytes.
pub fn entry_hash(leaf: &[u8]) -> Hash {
    hash::sha256(leaf)
}

impl Leaf {
    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let Header {
            seq,
            recorded_at,
            id,
            kind,
            schema,
        } = &self.header;
        let kind = kind.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(FIXED_HEADER + kind.len() + HASHES);
        bytes.push(VERSION);
        bytes.extend_from_slice(&seq.to_be_bytes());
        bytes.extend_from_slice(&recorded_at.to_be_bytes());
        bytes.extend_from_slice(id);
        bytes.extend_from_slice(&schema.to_be_bytes());
        bytes.push(u8::try_from(kind.len()).expect("a kind is at most 64 bytes long"));
        bytes.extend_from_slice(kind);
        bytes.extend_from_slice(&self.previous.0);
        bytes.extend_from_slice(&self.commitment.0);
        bytes
    }

    /// Takes the bytes apart. There is exactly one encoding of each leaf.
    ///
    /// # Errors
    /// When they are not exactly what [`Leaf::encode`] makes.
    pub fn decode(bytes: &[u8]) -> Result<Leaf, LeafError> {
        let (header, rest) = bytes
            .split_first_chunk::<FIXED_HEADER>()
            .ok_or(LeafError::Length)?;
        if header[0] != VERSION {
            return Err(LeafError::Version(header[0]));
        }
        let kind_length = usize::from(header[35]);
        if rest.len() != kind_length + HASHES {
            return Err(LeafError::Length);
        }
        let (kind, hashes) = rest.split_at(kind_length);
        let kind = std::str::from_utf8(kind).map_err(|_| KindError)?;
        Ok(Leaf {
            header: Header {
                seq: u64::from_be_bytes(part(&header[1..9])),
                recorded_at: i64::from_be_bytes(part(&header[9..17])),
                id: part(&header[17..33]),
                kind: Kind::new(kind.to_owned())?,
                schema: u16::from_be_bytes(part(&header[33..35])),
            },
            previous: Hash(part(&hashes[..32])),
            commitment: Hash(part(&hashes[32..])),
        })
    }
}

fn part<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("the lengths of the parts are fixed")
}

impl Kind {
    /// A kind made at run time.
    ///
    /// # Errors
    /// When the text is empty, longer than 64 bytes or not printable ASCII.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Kind, KindError> {
        let text = text.into();
        if is_kind(text.as_bytes()) {
            Ok(Kind(text))
        } else {
            Err(KindError)
        }
    }

    /// A kind written in the program; in a constant, a wrong one does not compile.
    ///
    /// # Panics
    /// When the text breaks the rule.
    pub const fn from_static(text: &'static str) -> Kind {
        assert!(
            is_kind(text.as_bytes()),
            "a kind is 1 to 64 printable ASCII characters without spaces"
        );
        Kind(Cow::Borrowed(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn is_kind(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_graphic() {
            return false;
        }
        at += 1;
    }
    1 <= at && at <= MAX_KIND
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(kind: &str) -> Leaf {
        Leaf {
            header: Header {
                seq: 7,
                recorded_at: -5,
                id: *b"0123456789abcdef",
                kind: Kind::new(kind.to_owned()).unwrap(),
                schema: 258,
            },
            previous: hash::sha256(b"before"),
            commitment: hash::sha256(b"payload"),
        }
    }

    #[test]
    fn layout_is_the_documented_one() {
        let bytes = leaf("a.b").encode();
        assert_eq!(
            bytes[..17],
            [1, 0, 0, 0, 0, 0, 0, 0, 7, 255, 255, 255, 255, 255, 255, 255, 251]
        );
        assert_eq!(&bytes[17..33], b"0123456789abcdef");
        assert_eq!(&bytes[33..39], b"\x01\x02\x03a.b");
        assert_eq!(bytes.len(), 39 + 64);
    }

    #[test]
    fn decoding_returns_what_was_encoded_and_nothing_else() {
        for kind in ["a", "order.placed", &"k".repeat(64)] {
            let bytes = leaf(kind).encode();
            assert!(bytes.len() <= MAX_LEAF);
            assert_eq!(Leaf::decode(&bytes), Ok(leaf(kind)));
            assert_eq!(Leaf::decode(&bytes[..bytes.len() - 1]), Err(LeafError::Length));
            assert_eq!(Leaf::decode(&[&bytes[..], &[0]].concat()), Err(LeafError::Length));
        }
        let mut bytes = leaf("order").encode();
        bytes[36] = b' ';
        assert_eq!(Leaf::decode(&bytes), Err(LeafError::Kind(KindError)));
        bytes[0] = 2;
        assert_eq!(Leaf::decode(&bytes), Err(LeafError::Version(2)));
        assert_eq!(Leaf::decode(&[]), Err(LeafError::Length));
    }

    #[test]
    fn kinds_are_short_printable_ascii() {
        assert!(Kind::new("order.placed").is_ok());
        for bad in ["", "two words", "größe", "tab\t", &"k".repeat(65)] {
            assert_eq!(Kind::new(bad.to_owned()), Err(KindError), "{bad:?}");
        }
    }

    /// RFC 4231 test case 2 has a short key; padded with zeros to 32 bytes it is the same HMAC key.
    #[test]
    fn commitment_is_hmac_sha256() {
        let mut salt = [0u8; 32];
        salt[..4].copy_from_slice(b"Jefe");
        let expected = [
            0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
            0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
        ];
        assert_eq!(commitment(&salt, b"what do ya want for nothing?").0, expected);
    }
}
