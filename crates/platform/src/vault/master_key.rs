//! A master key (KEK): 32 bytes from the configuration, or a passphrase stretched to 32 bytes.

use std::{fmt, num::NonZeroU32};

use aws_lc_rs::pbkdf2;
use secrecy::ExposeSecret;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    VaultError, WrappedKey,
    seal::{self, SealingKey},
};

/// Rounds of PBKDF2-HMAC-SHA256 for a passphrase; fixed, because changing it changes the key.
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).expect("not zero");

/// What a wrapped data key is bound to, besides its own id and the master key's.
const PURPOSE: &[u8] = b"data key";

/// A key that wraps data keys and seals nothing else.
pub struct MasterKey(SealingKey);

/// The material given for a master key is too weak to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakKey {
    /// A master key is exactly 32 bytes.
    #[error("a master key is 32 bytes, this one is {0}")]
    Length(usize),
    /// Every byte is the same: a placeholder, not a key.
    #[error("a master key of one repeated byte is a placeholder")]
    Placeholder,
    /// A passphrase needs 16 characters or more.
    #[error("a passphrase needs at least 16 characters")]
    ShortPassphrase,
    /// A salt needs 16 bytes or more (NIST SP 800-132 §5.1).
    #[error("a salt needs at least 16 bytes")]
    ShortSalt,
}

impl MasterKey {
    /// A key from exactly 32 random bytes.
    ///
    /// # Errors
    /// [`WeakKey::Length`], [`WeakKey::Placeholder`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeakKey> {
        let key: &[u8; 32] = bytes.try_into().map_err(|_| WeakKey::Length(bytes.len()))?;
        if key.iter().all(|byte| *byte == key[0]) {
            return Err(WeakKey::Placeholder);
        }
        Ok(Self(SealingKey::new(key)))
    }

    /// A key from a passphrase by PBKDF2-HMAC-SHA256 with 600,000 rounds: some tenths of a second of computing. The
    /// same passphrase and salt always give the same key.
    ///
    /// # Errors
    /// [`WeakKey::ShortPassphrase`], [`WeakKey::ShortSalt`].
    pub fn from_passphrase(passphrase: &str, salt: &[u8]) -> Result<Self, WeakKey> {
        if passphrase.chars().count() < 16 {
            return Err(WeakKey::ShortPassphrase);
        }
        if salt.len() < 16 {
            return Err(WeakKey::ShortSalt);
        }
        Ok(Self(SealingKey::new(&stretch(passphrase, salt, ROUNDS))))
    }

    pub(super) fn wrap(&self, kek_id: &str, id: Uuid, clear: &[u8; 32]) -> WrappedKey {
        let bytes = self.0.seal(id, &[PURPOSE, kek_id.as_bytes()], clear);
        WrappedKey {
            kek_id: kek_id.to_owned(),
            bytes,
        }
    }

    pub(super) fn unwrap(&self, wrapped: &WrappedKey) -> Result<(Uuid, Zeroizing<[u8; 32]>), VaultError> {
        let clear = self
            .0
            .open(&[PURPOSE, wrapped.kek_id.as_bytes()], &wrapped.bytes)?;
        let key = <[u8; 32]>::try_from(clear.expose_secret()).map_err(|_| VaultError::Tampered)?;
        Ok((seal::key_id(&wrapped.bytes)?, Zeroizing::new(key)))
    }
}

fn stretch(passphrase: &str, salt: &[u8], rounds: NonZeroU32) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        rounds,
        salt,
        passphrase.as_bytes(),
        key.as_mut(),
    );
    key
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretching_gives_what_another_implementation_gives() {
        // hashlib.pbkdf2_hmac("sha256", b"correct horse battery", b"0123456789abcdef", 600_000)
        let key = stretch("correct horse battery", b"0123456789abcdef", ROUNDS);
        let expected: [u8; 32] = [
            0x16, 0xcb, 0x14, 0x05, 0xf2, 0x07, 0xab, 0x51, 0x13, 0xb3, 0xaf, 0xbe, 0xb6, 0xca, 0xd2, 0xd0,
            0x2c, 0xa8, 0xca, 0xf6, 0xd1, 0x3a, 0x76, 0xf5, 0x2f, 0xd9, 0x3e, 0x6b, 0x43, 0xbe, 0xc1, 0xe1,
        ];
        assert_eq!(key.as_slice(), expected);
    }

    #[test]
    fn weak_material_is_refused() {
        assert_eq!(MasterKey::from_bytes(&[1; 31]).unwrap_err(), WeakKey::Length(31));
        assert_eq!(MasterKey::from_bytes(&[0; 32]).unwrap_err(), WeakKey::Placeholder);
        let passphrase = |text, salt| MasterKey::from_passphrase(text, salt).unwrap_err();
        assert_eq!(passphrase("fifteen letters", &[7; 16]), WeakKey::ShortPassphrase);
        assert_eq!(
            passphrase("more than fifteen letters", &[7; 15]),
            WeakKey::ShortSalt
        );
    }
}
