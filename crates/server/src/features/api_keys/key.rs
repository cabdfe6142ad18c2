//! The text of a key: `stk_`, 64 hex digits of secret, 8 of checksum. Prefix and checksum let scanners find keys that
//! leaked into files and be sure of them, and let a mistyped key be refused without a look-up.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use stockade_platform::random;
use zeroize::Zeroizing;

/// What every key begins with.
const PREFIX: &str = "stk_";
/// Hex digits of the secret: 256 bits.
const SECRET: usize = 64;
/// Hex digits of the checksum.
const CHECKSUM: usize = 8;
/// Characters of a key that its owner sees again.
const HINT: usize = PREFIX.len() + 6;

/// A key as its owner sees it once. It is wiped when dropped and has no `Debug`.
pub(super) struct NewKey(Zeroizing<String>);

impl NewKey {
    /// A key nobody can guess.
    pub(super) fn new() -> Self {
        let secret = Zeroizing::new(random::bytes::<32>());
        let mut text = Zeroizing::new(format!("{PREFIX}{}", hex::encode(secret.as_slice())));
        let sum = checksum(&text);
        text.push_str(&sum);
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning, by which its owner knows it again.
    pub(super) fn hint(&self) -> &str {
        &self.0[..HINT]
    }

    /// What is stored.
    pub(super) fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

/// What is stored of a presented key. 256 random bits need neither salt nor stretching.
pub(super) fn hash(text: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    out
}

/// Whether the text has the form of a key: nobody made one that has not.
pub(super) fn is_well_formed(text: &str) -> bool {
    let is_hex = |rest: &str| rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let length = PREFIX.len() + SECRET + CHECKSUM;
    text.len() == length
        && text.strip_prefix(PREFIX).is_some_and(is_hex)
        && text
            .split_at_checked(length - CHECKSUM)
            .is_some_and(|(body, sum)| {
                verify_slices_are_equal(checksum(body).as_bytes(), sum.as_bytes()).is_ok()
            })
}

/// The first 8 hex digits of the SHA-256 of all that stands before it.
fn checksum(body: &str) -> String {
    hex::encode(&digest(&SHA256, body.as_bytes()).as_ref()[..CHECKSUM / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_and_a_mistyped_one_is_not() {
        let key = NewKey::new();
        assert_eq!(key.as_str().len(), 76);
        assert!(is_well_formed(key.as_str()));
        assert!(key.as_str().starts_with(key.hint()) && key.hint().len() == 10);
        for at in [0, 4, 20, 67, 68, 75] {
            let mut wrong = key.as_str().to_owned().into_bytes();
            wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
            assert!(!is_well_formed(std::str::from_utf8(&wrong).unwrap()), "{at}");
        }
        for wrong in [
            "",
            "stk_",
            &key.as_str()[..75],
            &key.as_str().to_uppercase(),
            "stk_é",
        ] {
            assert!(!is_well_formed(wrong), "{wrong}");
        }
    }

    /// The documented example; `printf %s stk_000…0 | sha256sum` says the same.
    #[test]
    fn the_checksum_is_that_of_another_implementation() {
        let body = format!("{PREFIX}{}", "0".repeat(SECRET));
        assert_eq!(checksum(&body), "6017a94a");
    }
}
