//! Opaque tokens: 256 random bits as text. Only their hash is stored, so a copy of the database opens nothing.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use stockade_platform::{random, vault::MacKey};
use zeroize::Zeroizing;

/// A token as its holder has it. It is wiped when dropped and has no `Debug`.
#[derive(Clone)]
pub(super) struct OpaqueToken(Zeroizing<String>);

impl OpaqueToken {
    /// A token nobody can guess: 43 characters that need no escaping in a link.
    pub(super) fn new() -> Self {
        Self::of(Zeroizing::new(random::bytes()))
    }

    /// The one successor of a presented token. It need not be stored to be given again.
    pub(super) fn successor(of: &str, key: &MacKey) -> Self {
        Self::of(Zeroizing::new(key.tag(of.as_bytes())))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub(super) fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }

    fn of(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(Zeroizing::new(BASE64.encode(bytes.as_slice())))
    }
}

/// What is stored of a presented token. 256 random bits need neither salt nor stretching.
pub(super) fn hash(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_successor_is_the_same_each_time_and_differs_by_token_and_key() {
        let (key, other) = (MacKey::new(&[1; 32]), MacKey::new(&[2; 32]));
        let next = |of: &str, key: &MacKey| OpaqueToken::successor(of, key).as_str().to_owned();
        assert_eq!(next("a", &key), next("a", &key));
        assert_ne!(next("a", &key), next("b", &key));
        assert_ne!(next("a", &key), next("a", &other));
        assert_eq!(OpaqueToken::new().as_str().len(), 43);
    }
}
