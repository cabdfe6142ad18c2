//! One data key a person, one for the platform itself, and the secret that blind indexes come from. Each lies in the
//! database wrapped by a master key; destroying a person's row erases whatever was sealed under it.
//!
//! Invariants: a remembered key opens nothing once its row is gone, because [`DataKeys::of`] looks for the row in the
//! caller's own snapshot each time. An erased subject never has a key again. Rotation changes the wrapping and no key.
//!
//! Tables: `data_keys`, `erased_keys`, `master_key_salts`.

mod erasure;
mod kept_erasures;
mod master_keys;
mod remembered;
mod rotation;
mod store;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use stockade_platform::{
    db::{DbError, DbResult, Queryable, Writable},
    vault::{BlindIndex, DataKey, Vault, VaultError},
};
use uuid::Uuid;

pub use self::{
    erasure::{announce_erasure, follow_erasures, learn_erasures},
    kept_erasures::{forgotten_erasures, keep_erasures},
    master_keys::{MasterKeySource, open_vault},
    rotation::{KeysStatus, Rotated, WrappedBy, rotate, status},
};
use self::{remembered::Remembered, store::StoredKey};

/// Whose key seals what concerns nobody in particular, or a stranger.
pub const PLATFORM: Uuid = Uuid::nil();

/// Under whose name the secret of blind indexes is kept. No person has this id.
const INDEX: Uuid = Uuid::from_u128(1);

/// The data keys, unwrapped as they are needed.
pub struct DataKeys {
    vault: Vault,
    remembered: Remembered,
}

impl DataKeys {
    /// Keys wrapped by this vault.
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            remembered: Remembered::default(),
        }
    }

    /// Has whoever keeps clear text of people's in memory hear of each erasure, here or on another instance.
    ///
    /// # Panics
    /// When somebody listens already.
    pub fn on_erasure(&self, forget: impl Fn(Uuid) + Send + Sync + 'static) {
        self.remembered.listen(Box::new(forget));
    }

    /// The key of `subject`, or `None` once it has been erased.
    pub async fn of(&self, on: &mut impl Queryable, subject: Uuid) -> DbResult<Option<Arc<DataKey>>> {
        match store::key(on, subject).await? {
            Some(stored) => self.unwrap(&stored),
            None => Ok(None),
        }
    }

    /// The key of `subject` to seal something with that is to be stored: it is not destroyed before the unit ends, so
    /// that an erasure finds whatever the unit stores.
    pub async fn hold(&self, on: &mut impl Writable, subject: Uuid) -> DbResult<Option<Arc<DataKey>>> {
        match store::lock(on, subject).await? {
            Some(stored) => self.unwrap(&stored),
            None => Ok(None),
        }
    }

    /// The keys of several subjects at once; the erased are missing.
    pub async fn of_all(
        &self,
        on: &mut impl Queryable,
        subjects: impl IntoIterator<Item = Uuid>,
    ) -> DbResult<HashMap<Uuid, Arc<DataKey>>> {
        let subjects: Vec<Uuid> = subjects.into_iter().collect::<HashSet<_>>().into_iter().collect();
        let mut keys = HashMap::with_capacity(subjects.len());
        for stored in store::keys(on, &subjects).await? {
            keys.extend(self.unwrap(&stored)?.map(|key| (stored.subject, key)));
        }
        Ok(keys)
    }

    /// The key to seal a record about `subject` with, from memory if it is known. Should the subject have been erased
    /// a moment ago elsewhere, the record is sealed with a key that no longer exists, and so is erased from the start.
    pub(super) async fn to_record(
        &self,
        on: &mut impl Queryable,
        subject: Uuid,
    ) -> DbResult<Option<Arc<DataKey>>> {
        match self.remembered.get(subject) {
            Some(key) => Ok(Some(key)),
            None => self.of(on, subject).await,
        }
    }

    /// The key of `subject` if it is in memory, for what a unit will check against a row that an erasure removes.
    pub fn remembered(&self, subject: Uuid) -> Option<Arc<DataKey>> {
        self.remembered.get(subject)
    }

    /// The same as `to_record` for a unit that reads a sealed row which an erasure removes together with the key.
    pub async fn at_hand(&self, on: &mut impl Queryable, subject: Uuid) -> DbResult<Option<Arc<DataKey>>> {
        self.to_record(on, subject).await
    }

    /// Up to `most` subjects with their keys, in order, after the given one. The platform's own is not among them.
    pub async fn page(
        &self,
        on: &mut impl Queryable,
        after: Uuid,
        most: i64,
    ) -> DbResult<Vec<(Uuid, Arc<DataKey>)>> {
        let mut keys = Vec::new();
        for stored in store::page(on, after, most).await? {
            keys.extend(self.unwrap(&stored)?.map(|key| (stored.subject, key)));
        }
        Ok(keys)
    }

    /// Makes a key for a new subject, in the transaction that brings the subject into being. It is remembered only
    /// once it has been read back, since its transaction may still be undone.
    pub async fn create(&self, on: &mut impl Writable, subject: Uuid) -> DbResult<()> {
        let (_, wrapped) = self.vault.new_data_key();
        store::insert(on, subject, wrapped).await
    }

    /// Makes the platform's own key and the secret of blind indexes unless they exist.
    pub async fn create_platform_keys(&self, on: &mut impl Writable) -> DbResult<()> {
        self.create(on, PLATFORM).await?;
        self.create(on, INDEX).await
    }

    /// The blind index of a column, such as `profiles.ssn`.
    pub async fn blind_index(&self, on: &mut impl Queryable, column: &str) -> DbResult<BlindIndex> {
        let stored = store::key(on, INDEX).await?;
        self.index_of(stored, column)
    }

    /// The same to store a tag with. Until the unit ends nobody else stores one, so that of two people who give the
    /// same number at once the second finds the first.
    pub async fn hold_blind_index(&self, on: &mut impl Writable, column: &str) -> DbResult<BlindIndex> {
        let stored = store::lock(on, INDEX).await?;
        self.index_of(stored, column)
    }

    fn index_of(&self, stored: Option<StoredKey>, column: &str) -> DbResult<BlindIndex> {
        let missing = || DbError::Fault("the secret of blind indexes is missing".into());
        let secret = self.vault.unwrap_secret(&stored.ok_or_else(missing)?.wrapped);
        Ok(secret
            .map_err(|error| unusable(INDEX, &error))?
            .blind_index(column))
    }

    /// The key of a stored row; `None` when this process knows that it was erased.
    fn unwrap(&self, stored: &StoredKey) -> DbResult<Option<Arc<DataKey>>> {
        if let Some(key) = self.remembered.get(stored.subject) {
            return Ok(Some(key));
        }
        let key = self.vault.unwrap(&stored.wrapped);
        let key = key.map_err(|error| unusable(stored.subject, &error))?;
        Ok(self.remembered.put(stored.subject, Arc::new(key)))
    }
}

fn unusable(subject: Uuid, error: &VaultError) -> DbError {
    DbError::Fault(format!("the data key of {subject}: {error}"))
}
