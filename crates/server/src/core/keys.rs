//! One data key a person, and one for the platform itself. A key lies in the database wrapped by a master key;
//! destroying its row erases whatever was sealed under it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use stockade_platform::{
    db::{DbError, DbResult, Query, Queryable, Writable, sql},
    vault::{DataKey, Vault, WrappedKey},
};
use uuid::Uuid;

/// Whose key seals what concerns nobody in particular, or a stranger.
pub const PLATFORM: Uuid = Uuid::nil();

/// Unwrapped keys remembered at most; they are read again when needed.
const REMEMBERED: usize = 100_000;

/// The data keys, unwrapped as they are needed.
pub struct DataKeys {
    vault: Vault,
    known: Mutex<HashMap<Uuid, Arc<DataKey>>>,
}

impl DataKeys {
    /// Keys wrapped by this vault.
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            known: Mutex::default(),
        }
    }

    /// The key of `subject`, or `None` once it has been erased.
    pub async fn of(&self, on: &mut impl Queryable, subject: Uuid) -> DbResult<Option<Arc<DataKey>>> {
        if let Some(key) = self.remembered(subject) {
            return Ok(Some(key));
        }
        let row: Option<(String, Vec<u8>)> =
            sql("SELECT kek_id, wrapped FROM data_keys WHERE subject_id = $1")
                .bind(subject)
                .optional(on)
                .await?;
        row.map(|(kek_id, bytes)| self.unwrap(subject, kek_id, bytes))
            .transpose()
    }

    /// The keys of several subjects at once; the erased are missing.
    pub async fn of_all(
        &self,
        on: &mut impl Queryable,
        subjects: impl IntoIterator<Item = Uuid>,
    ) -> DbResult<HashMap<Uuid, Arc<DataKey>>> {
        let mut keys = HashMap::new();
        for subject in subjects {
            if !keys.contains_key(&subject)
                && let Some(key) = self.of(on, subject).await?
            {
                keys.insert(subject, key);
            }
        }
        Ok(keys)
    }

    /// Up to `most` subjects with their keys, in order, after the given one. The platform's own is not among them.
    pub async fn page(
        &self,
        on: &mut impl Queryable,
        after: Uuid,
        most: i64,
    ) -> DbResult<Vec<(Uuid, Arc<DataKey>)>> {
        let rows: Vec<(Uuid, String, Vec<u8>)> =
            sql("SELECT subject_id, kek_id, wrapped FROM data_keys WHERE subject_id > $1 ORDER BY subject_id LIMIT $2")
                .bind(after)
                .bind(most)
                .all(on)
                .await?;
        let unwrap = |(subject, kek_id, bytes)| Ok((subject, self.unwrap(subject, kek_id, bytes)?));
        rows.into_iter().map(unwrap).collect()
    }

    /// Makes a key for a new subject, in the transaction that brings the subject into being.
    pub async fn create(&self, on: &mut impl Writable, subject: Uuid) -> DbResult<()> {
        self.insert(subject).run(on).await?;
        Ok(())
    }

    /// Makes the platform's own key unless it exists.
    pub async fn create_platform_key(&self, on: &mut impl Writable) -> DbResult<()> {
        self.insert(PLATFORM).run(on).await?;
        Ok(())
    }

    /// A new key is remembered only once it has been read back, since its transaction may still be undone.
    fn insert(&self, subject: Uuid) -> Query {
        let (_, wrapped) = self.vault.new_data_key();
        sql("INSERT INTO data_keys (subject_id, kek_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(subject)
            .bind(wrapped.kek_id.as_str())
            .bind(wrapped.bytes)
    }

    fn unwrap(&self, subject: Uuid, kek_id: String, bytes: Vec<u8>) -> DbResult<Arc<DataKey>> {
        let key = self
            .vault
            .unwrap(&WrappedKey { kek_id, bytes })
            .map_err(|error| DbError::Fault(format!("the data key of {subject}: {error}")))?;
        let key = Arc::new(key);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(subject, Arc::clone(&key));
        Ok(key)
    }

    fn remembered(&self, subject: Uuid) -> Option<Arc<DataKey>> {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&subject)
            .cloned()
    }
}
