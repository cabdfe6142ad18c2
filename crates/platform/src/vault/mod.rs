//! Field encryption. A master key wraps one data key per person; the data key seals that person's fields.
//!
//! AES-256-GCM with random 96-bit nonces throughout (NIST SP 800-38D §8.2.2). What is sealed is bound to the place it
//! was sealed for, so a ciphertext moved to another row does not open. Opening gives the clear bytes or an error,
//! never an empty value. Destroying a person's wrapped key makes everything sealed with it unreadable for good.
//!
//! Keys are wiped when dropped and print as `[redacted]`.

mod blind_index;
mod data_key;
mod mac;
mod master_key;
mod seal;
pub mod stream;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use uuid::Uuid;
use zeroize::Zeroizing;

pub use self::{
    blind_index::BlindIndex,
    data_key::{DataKey, Place},
    mac::{MacKey, MasterSecret},
    master_key::{MasterKey, WeakKey},
};
use crate::random;

/// Master keys by id. New data keys are wrapped with the current one; the others still unwrap what they wrapped.
pub struct Vault {
    keys: BTreeMap<String, MasterKey>,
    current: String,
}

/// A data key as it may be stored: sealed by a master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// Which master key wrapped it.
    pub kek_id: String,
    /// Version, data key's id, nonce, sealed key, tag.
    pub bytes: Vec<u8>,
}

/// Why sealed bytes did not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The bytes, or the place they are read from, are not those that were sealed. Treat it as an incident.
    #[error("sealed data was changed or moved")]
    Tampered,
    /// They were sealed with a key that is not at hand, named here.
    #[error("sealed with key {0}, which is not at hand")]
    UnknownKey(String),
}

impl Vault {
    /// A vault whose new keys are wrapped with `current`.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when `current` is not among `keys`.
    pub fn new(
        keys: impl IntoIterator<Item = (String, MasterKey)>,
        current: &str,
    ) -> Result<Self, VaultError> {
        let keys: BTreeMap<_, _> = keys.into_iter().collect();
        if !keys.contains_key(current) {
            return Err(VaultError::UnknownKey(current.to_owned()));
        }
        Ok(Self {
            keys,
            current: current.to_owned(),
        })
    }

    /// A fresh key for one person, and the form in which to store it.
    pub fn new_data_key(&self) -> (DataKey, WrappedKey) {
        let id = Uuid::from_bytes(random::bytes());
        let clear = Zeroizing::new(random::bytes::<32>());
        let wrapped = self.keys[&self.current].wrap(&self.current, id, &clear);
        (DataKey::new(id, &clear), wrapped)
    }

    /// The data key behind its stored form.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when its master key is not in this vault, [`VaultError::Tampered`] when the bytes
    /// are not as they were wrapped.
    pub fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, VaultError> {
        let (id, clear) = self.master_of(wrapped)?.unwrap(wrapped)?;
        Ok(DataKey::new(id, &clear))
    }

    /// A stored key as a secret from which other keys are derived, for one that seals nothing itself.
    ///
    /// # Errors
    /// As [`Vault::unwrap`].
    pub fn unwrap_secret(&self, wrapped: &WrappedKey) -> Result<MasterSecret, VaultError> {
        let (_, clear) = self.master_of(wrapped)?.unwrap(wrapped)?;
        MasterSecret::new(clear.as_slice()).ok_or(VaultError::Tampered)
    }

    /// The same data key wrapped with the current master key. What it sealed stays as it is.
    ///
    /// # Errors
    /// As [`Vault::unwrap`].
    pub fn rewrap(&self, wrapped: &WrappedKey) -> Result<WrappedKey, VaultError> {
        let (id, clear) = self.master_of(wrapped)?.unwrap(wrapped)?;
        Ok(self.keys[&self.current].wrap(&self.current, id, &clear))
    }

    /// Whether a master key of this id is at hand.
    pub fn has_kek(&self, id: &str) -> bool {
        self.keys.contains_key(id)
    }

    /// The id of the master key that wraps new data keys.
    pub fn current_kek(&self) -> &str {
        &self.current
    }

    fn master_of(&self, wrapped: &WrappedKey) -> Result<&MasterKey, VaultError> {
        self.keys
            .get(&wrapped.kek_id)
            .ok_or_else(|| VaultError::UnknownKey(wrapped.kek_id.clone()))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("keys", &self.keys.keys())
            .field("current", &self.current)
            .finish()
    }
}
