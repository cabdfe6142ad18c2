//! SHA-256 as the tree uses it (RFC 6962 §2.1).
//!
//! Leaves and inner nodes are hashed under different first bytes, so that neither can pass for the other.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;

/// Leaves up to this length are hashed in one call from the stack; all leaves of this crate are shorter.
const SHORT_LEAF: usize = 255;

/// A SHA-256 hash. Its text form is standard base64 with padding (RFC 4648 §4), also in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// The text is not the base64 form of exactly 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the base64 form of a 32-byte hash")]
pub struct NotAHash;

/// Hash of a leaf of the tree: SHA-256 of `0x00` and the data (RFC 6962 §2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    if data.len() <= SHORT_LEAF {
        let mut buffer = [LEAF_PREFIX; SHORT_LEAF + 1];
        buffer[1..=data.len()].copy_from_slice(data);
        return sha256(&buffer[..=data.len()]);
    }
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[LEAF_PREFIX]);
    context.update(data);
    Hash::from_digest(context.finish())
}

/// Hash of an inner node: SHA-256 of `0x01`, the left and the right hash (RFC 6962 §2.1).
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut buffer = [NODE_PREFIX; 65];
    buffer[1..33].copy_from_slice(&left.0);
    buffer[33..].copy_from_slice(&right.0);
    sha256(&buffer)
}

/// Root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1).
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// SHA-256 of the data as it stands.
pub fn sha256(data: &[u8]) -> Hash {
    Hash::from_digest(digest::digest(&digest::SHA256, data))
}

/// [`Hash::ZERO`].
impl Default for Hash {
    fn default() -> Hash {
        Hash::ZERO
    }
}

impl Hash {
    /// Thirty-two zero bytes: what the first entry names as the hash of the entry before it.
    pub const ZERO: Hash = Hash([0; 32]);

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn from_digest(digest: digest::Digest) -> Hash {
        Hash(digest.as_ref().try_into().expect("a SHA-256 digest has 32 bytes"))
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = NotAHash;

    fn try_from(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Hash).map_err(|_| NotAHash)
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = STANDARD.decode(text).map_err(|_| NotAHash)?;
        Hash::try_from(bytes.as_slice())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(
            empty_root().to_string(),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(
            leaf_hash(b"").to_string(),
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
        );
    }

    #[test]
    fn short_and_long_leaves_are_hashed_alike() {
        for length in [0, 1, SHORT_LEAF, SHORT_LEAF + 1, 1000] {
            let data = vec![7u8; length];
            assert_eq!(leaf_hash(&data), sha256(&[&[0u8][..], &data].concat()));
        }
    }

    #[test]
    fn text_form_is_strict() {
        let hash = sha256(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in [
            "",
            "AAAA",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        ] {
            assert_eq!(bad.parse::<Hash>(), Err(NotAHash), "{bad}");
        }
    }
}
