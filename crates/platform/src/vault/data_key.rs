//! One person's key, and the places it seals fields for.

use std::fmt;

use secrecy::SecretSlice;
use uuid::Uuid;

use super::{
    VaultError,
    seal::{self, SealingKey},
};

/// Seals and opens one person's fields.
pub struct DataKey {
    id: Uuid,
    key: SealingKey,
}

/// Where a sealed field is stored. It opens only when it is read from the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The column's name.
    pub column: &'a str,
    /// The row's key, as bytes that name this row and no other.
    pub row: &'a [u8],
}

impl DataKey {
    pub(super) fn new(id: Uuid, bytes: &[u8; 32]) -> Self {
        Self {
            id,
            key: SealingKey::new(bytes),
        }
    }

    /// Seals a field for its place: version, key id, nonce, ciphertext, tag; 45 bytes longer than `clear`.
    pub fn seal(&self, place: &Place<'_>, clear: &[u8]) -> Vec<u8> {
        self.key.seal(self.id, &place.context(), clear)
    }

    /// Opens a field that was sealed for this place. The clear bytes are wiped when dropped and do not print.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when another data key sealed it, [`VaultError::Tampered`] when a byte of it was
    /// changed or it was sealed for another place.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<SecretSlice<u8>, VaultError> {
        let id = seal::key_id(sealed)?;
        if id != self.id {
            return Err(VaultError::UnknownKey(id.to_string()));
        }
        self.key.open(&place.context(), sealed)
    }

    /// The id written into everything this key seals. It is no secret.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

impl Place<'_> {
    fn context(&self) -> [&[u8]; 3] {
        [self.table.as_bytes(), self.column.as_bytes(), self.row]
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &self.id)
            .field("key", &"[redacted]")
            .finish()
    }
}
