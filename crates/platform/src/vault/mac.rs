//! Keyed hashes for tokens and look-ups, each purpose with a key of its own derived from one master secret.

use std::fmt;

use aws_lc_rs::{
    hkdf::{HKDF_SHA256, Prk, Salt},
    hmac,
};
use zeroize::Zeroizing;

/// HKDF's salt: fixed and public, it only keeps our derivations apart from other programs' (RFC 5869 §3.1).
const SALT: &[u8] = b"stockade";

/// The secret that every keyed hash and signing key of the program comes from.
pub struct MasterSecret(Prk);

impl MasterSecret {
    /// Takes at least 32 unpredictable bytes; `None` when there are fewer.
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= 32).then(|| Self(Salt::new(HKDF_SHA256, SALT).extract(secret)))
    }

    /// 32 bytes for one purpose by HKDF-SHA256 (RFC 5869). Another label gives unrelated bytes.
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let info = [label.as_bytes()];
        let material = self
            .0
            .expand(&info, HKDF_SHA256)
            .expect("one block of output is always allowed");
        material
            .fill(key.as_mut())
            .expect("the output is as long as was asked for");
        key
    }

    /// The key for keyed hashes of one purpose.
    pub fn mac_key(&self, label: &str) -> MacKey {
        MacKey::new(&self.derive(label))
    }
}

/// HMAC-SHA256 with a fixed key: turns a token into what may be stored, and back-references into what may be searched.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    /// A key from 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The keyed hash of `message`.
    pub fn tag(&self, message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&self.0, message).as_ref());
        out
    }

    /// The keyed hash of several parts, each with its length in front, so that no two lists of parts collide.
    pub fn tag_parts(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }

    /// Whether `tag` is the whole keyed hash of `message`, compared in constant time.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterSecret([redacted])")
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> MasterSecret {
        let bytes: Vec<u8> = (0..32).collect();
        MasterSecret::new(&bytes).unwrap()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn derivation_and_hash_are_those_of_the_standards() {
        // Computed with Python's hmac module: extract with salt "stockade", expand "session tokens", sign "hello".
        assert_eq!(
            hex(secret().derive("session tokens").as_slice()),
            "97941d56ed9389b11f9bccfc17a8ca228666646f915e07fe1a1da71c01862dcc"
        );
        assert_eq!(
            hex(&secret().mac_key("session tokens").tag(b"hello")),
            "acd53b19936514cfb6b468a2f9857beb92555728f290bb4a06cf8a2329c77961"
        );
    }

    #[test]
    fn labels_and_parts_do_not_collide() {
        let key = secret().mac_key("a");
        assert_ne!(key.tag(b"x"), secret().mac_key("b").tag(b"x"));
        assert_ne!(key.tag_parts(&[b"ab", b"c"]), key.tag_parts(&[b"a", b"bc"]));
        assert_ne!(key.tag_parts(&[b"ab"]), key.tag_parts(&[b"ab", b""]));
    }

    #[test]
    fn only_the_whole_and_right_tag_verifies() {
        let key = secret().mac_key("a");
        let tag = key.tag(b"x");
        assert!(key.verify(b"x", &tag));
        assert!(!key.verify(b"y", &tag) && !key.verify(b"x", &tag[..31]) && !key.verify(b"x", b""));
    }

    #[test]
    fn short_secrets_are_refused_and_none_is_printed() {
        assert!(MasterSecret::new(&[7; 31]).is_none());
        let shown = format!("{:?} {:?}", secret(), secret().mac_key("a"));
        assert_eq!(shown, "MasterSecret([redacted]) MacKey([redacted])");
    }
}
