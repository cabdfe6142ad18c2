//! `[secrets]`: keys as they were given. What is wrong with one is said without showing any of it.

use std::fmt;

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecretMut, SecretBox};
use serde::{Deserialize, Deserializer, de::Error};
use zeroize::Zeroizing;

use crate::core::keys::MasterKeySource;

/// A key of 32 bytes, wiped when dropped, `[REDACTED]` when printed.
pub type Key = SecretBox<[u8; 32]>;

/// Base64 (RFC 4648 §4), with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Keys as they were given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Keys that wrap data keys, the current one first; none when not given.
    #[serde(deserialize_with = "named_keys")]
    pub master_keys: Vec<NamedKey>,
    /// The key of access tokens (HS256).
    #[serde(deserialize_with = "optional_key")]
    pub token_key: Option<Key>,
    /// The seed of the key that signs checkpoints (Ed25519).
    #[serde(deserialize_with = "optional_key")]
    pub audit_key: Option<Key>,
}

/// A key and the name that stands beside what it wrapped.
#[derive(Debug)]
pub struct NamedKey {
    /// Letters, digits, `-` and `_`.
    pub id: String,
    /// The key, or the passphrase that it is made from.
    pub source: MasterKeySource,
}

/// What stands between a master key's name and its passphrase.
const PASSPHRASE: &str = "passphrase:";

/// Shortest passphrase, in characters.
const SHORTEST_PASSPHRASE: usize = 16;

/// Why a text is not a key. Says nothing of what the text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotAKey {
    Base64,
    Length(usize),
    Placeholder,
    Id,
    TwiceTheSameId,
    ShortPassphrase,
}

impl fmt::Display for NotAKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FIX: &str = "make one with `openssl rand -base64 32`";
        match self {
            Self::Base64 => write!(f, "not base64; {FIX}"),
            Self::Length(bytes) => write!(f, "{bytes} bytes instead of 32; {FIX}"),
            Self::Placeholder => write!(f, "one byte over and over, a placeholder; {FIX}"),
            Self::Id => f.write_str(
                "not named; write a name of letters, digits, - and _ before each key, as in id:base64",
            ),
            Self::ShortPassphrase => write!(
                f,
                "a passphrase of fewer than {SHORTEST_PASSPHRASE} characters; take six words or more that nobody would guess"
            ),
            Self::TwiceTheSameId => f.write_str("one name twice; give each key a name of its own"),
        }
    }
}

/// The keys of `id:base64,id:passphrase:words`, in their order.
pub(super) fn parse_named_keys(text: &str) -> Result<Vec<NamedKey>, NotAKey> {
    let mut keys: Vec<NamedKey> = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (id, key) = part.split_once(':').ok_or(NotAKey::Id)?;
        if id.is_empty()
            || !id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            return Err(NotAKey::Id);
        }
        if keys.iter().any(|other| other.id == id) {
            return Err(NotAKey::TwiceTheSameId);
        }
        keys.push(NamedKey {
            id: id.to_owned(),
            source: parse_source(key)?,
        });
    }
    Ok(keys)
}

fn parse_source(text: &str) -> Result<MasterKeySource, NotAKey> {
    let Some(words) = text.strip_prefix(PASSPHRASE) else {
        return parse_key(text).map(MasterKeySource::Key);
    };
    if words.chars().count() < SHORTEST_PASSPHRASE {
        return Err(NotAKey::ShortPassphrase);
    }
    Ok(MasterKeySource::Passphrase(words.into()))
}

/// The key that a base64 text holds.
pub(super) fn parse_key(text: &str) -> Result<Key, NotAKey> {
    let bytes = Zeroizing::new(BASE64.decode(text.trim()).map_err(|_| NotAKey::Base64)?);
    if bytes.len() != 32 {
        return Err(NotAKey::Length(bytes.len()));
    }
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return Err(NotAKey::Placeholder);
    }
    let mut key = Key::new(Box::new([0; 32]));
    key.expose_secret_mut().copy_from_slice(&bytes);
    Ok(key)
}

/// The text that holds a key.
pub(super) fn key_text(key: &[u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(BASE64.encode(key))
}

fn named_keys<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NamedKey>, D::Error> {
    let text = Zeroizing::new(String::deserialize(from)?);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    parse_named_keys(&text).map_err(D::Error::custom)
}

pub(super) fn optional_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Key>, D::Error> {
    let text = Zeroizing::new(String::deserialize(from)?);
    if text.is_empty() {
        return Ok(None);
    }
    parse_key(&text).map(Some).map_err(D::Error::custom)
}
