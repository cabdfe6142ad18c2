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

    /// Seals several fields at once, in their order.
    pub fn seal_all<'f>(&self, fields: impl IntoIterator<Item = (Place<'f>, &'f [u8])>) -> Vec<Vec<u8>> {
        let seal = |(place, clear): (Place<'f>, &[u8])| self.seal(&place, clear);
        fields.into_iter().map(seal).collect()
    }

    /// Opens several fields at once, in their order: all of them or none.
    ///
    /// # Errors
    /// The first that does not open, by its position, and why (see [`DataKey::open`]).
    pub fn open_all<'f>(
        &self,
        fields: impl IntoIterator<Item = (Place<'f>, &'f [u8])>,
    ) -> Result<Vec<SecretSlice<u8>>, (usize, VaultError)> {
        let open = |(at, (place, sealed)): (usize, (Place<'f>, &[u8]))| {
            self.open(&place, sealed).map_err(|error| (at, error))
        };
        fields.into_iter().enumerate().map(open).collect()
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
