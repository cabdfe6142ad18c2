//! Data keys that this process has unwrapped, and the subjects that it knows to be erased.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use stockade_platform::vault::DataKey;
use uuid::Uuid;

/// Unwrapped keys remembered at most; they are read again when needed.
const ROOM: usize = 100_000;

/// What is remembered. A key is wiped when the last who uses it lets go of it.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    keys: HashMap<Uuid, Arc<DataKey>>,
    erased: HashSet<Uuid>,
}

impl Remembered {
    pub(super) fn get(&self, subject: Uuid) -> Option<Arc<DataKey>> {
        self.lock().keys.get(&subject).cloned()
    }

    /// Remembers a key and answers it; `None` when its subject was erased, whatever an older snapshot still shows.
    pub(super) fn put(&self, subject: Uuid, key: Arc<DataKey>) -> Option<Arc<DataKey>> {
        let mut inner = self.lock();
        if inner.erased.contains(&subject) {
            return None;
        }
        if inner.keys.len() >= ROOM {
            inner.keys.clear();
        }
        inner.keys.insert(subject, Arc::clone(&key));
        Some(key)
    }

    /// Lets go of a key whose erasure is not yet certain.
    pub(super) fn drop_key(&self, subject: Uuid) {
        self.lock().keys.remove(&subject);
    }

    /// Lets go of the keys of erased subjects, for good.
    pub(super) fn erase(&self, subjects: impl IntoIterator<Item = Uuid>) {
        let mut inner = self.lock();
        for subject in subjects {
            inner.keys.remove(&subject);
            inner.erased.insert(subject);
        }
    }

    /// How many subjects are known to be erased.
    pub(super) fn erased_count(&self) -> usize {
        self.lock().erased.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
