//! Data keys that this process has unwrapped, and the subjects that it knows to be erased.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use stockade_platform::vault::DataKey;
use uuid::Uuid;

/// Unwrapped keys remembered at most; they are read again when needed.
const ROOM: usize = 100_000;

/// Hears who was erased.
type Listener = Box<dyn Fn(Uuid) + Send + Sync>;

/// What is remembered. A key is wiped when the last who uses it lets go of it.
#[derive(Default)]
pub(super) struct Remembered {
    inner: Mutex<Inner>,
    listener: OnceLock<Listener>,
}

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

    /// Lets go of the keys of erased subjects, for good, and says so to whom it concerns.
    pub(super) fn erase(&self, subjects: impl IntoIterator<Item = Uuid>) {
        for subject in subjects {
            let mut inner = self.lock();
            inner.keys.remove(&subject);
            let learned = inner.erased.insert(subject);
            drop(inner);
            if let Some(listener) = self.listener.get().filter(|_| learned) {
                listener(subject);
            }
        }
    }

    /// Has somebody hear of every erasure that is learned of from now on; one can.
    pub(super) fn listen(&self, listener: Listener) {
        assert!(self.listener.set(listener).is_ok(), "somebody listens already");
    }

    /// How many subjects are known to be erased.
    pub(super) fn erased_count(&self) -> usize {
        self.lock().erased.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_keeps_clear_text_hears_of_each_erasure_once() {
        let remembered = Remembered::default();
        remembered.erase([Uuid::from_u128(1)]);
        let heard = Arc::new(Mutex::new(Vec::new()));
        remembered.listen(Box::new({
            let heard = Arc::clone(&heard);
            move |subject| heard.lock().unwrap().push(subject.as_u128())
        }));
        // Announced here, then learned of from the database with all others.
        remembered.erase([Uuid::from_u128(2)]);
        remembered.erase([1, 2, 3].map(Uuid::from_u128));
        assert_eq!(*heard.lock().unwrap(), [2, 3]);
    }
}
