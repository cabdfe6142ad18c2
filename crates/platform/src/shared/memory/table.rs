//! A bounded map from keys to numbers that expire, in shards with a lock each.
//!
//! Expired entries count as absent at once. Their memory is freed when a shard has doubled since it was last swept, so
//! sweeping costs every insertion a constant share.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::super::SharedError;

const SHARDS: usize = 16;
/// A shard is not swept below this many entries.
const SMALL: usize = 256;

/// Living keys and their numbers.
#[derive(Debug)]
pub(in crate::shared) struct Table {
    shards: Box<[Mutex<Shard>]>,
    /// Keyed with a random seed, so nobody outside can aim at one shard.
    hasher: RandomState,
    /// Most entries in a shard.
    room: usize,
}

#[derive(Debug)]
struct Shard {
    entries: HashMap<Box<str>, Entry>,
    /// The size at which the next insertion sweeps.
    sweep_at: usize,
    /// When a full shard was last swept, so that it is not swept again for each refused insertion.
    swept: Timestamp,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    value: u64,
    until: Timestamp,
}

impl Table {
    /// Room for about `capacity` living entries.
    pub(in crate::shared) fn new(capacity: usize) -> Self {
        let shard = || Shard {
            entries: HashMap::new(),
            sweep_at: SMALL,
            swept: Timestamp::MIN,
        };
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(shard())).collect(),
            hasher: RandomState::new(),
            room: capacity.div_ceil(SHARDS).max(1),
        }
    }

    /// Adds one to the key's number and gives the sum. A new key starts at one and lives for `ttl`.
    pub(in crate::shared) fn add(
        &self,
        key: &str,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<u64, SharedError> {
        let mut shard = self.shard(key);
        if let Some(entry) = shard.entries.get_mut(key).filter(|entry| entry.until > now) {
            entry.value += 1;
            return Ok(entry.value);
        }
        shard.insert(
            key,
            now,
            Entry {
                value: 1,
                until: end(now, ttl),
            },
            self.room,
        )?;
        Ok(1)
    }

    /// Keeps the key for `ttl` from now, whatever was there.
    pub(in crate::shared) fn put(&self, key: &str, now: Timestamp, ttl: Duration) -> Result<(), SharedError> {
        self.shard(key).insert(
            key,
            now,
            Entry {
                value: 1,
                until: end(now, ttl),
            },
            self.room,
        )
    }

    /// Whether the key is there and alive.
    pub(in crate::shared) fn has(&self, key: &str, now: Timestamp) -> bool {
        self.shard(key)
            .entries
            .get(key)
            .is_some_and(|entry| entry.until > now)
    }

    fn shard(&self, key: &str) -> MutexGuard<'_, Shard> {
        let at = self.hasher.hash_one(key) as usize % SHARDS;
        self.shards[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shard {
    fn insert(&mut self, key: &str, now: Timestamp, entry: Entry, room: usize) -> Result<(), SharedError> {
        if let Some(old) = self.entries.get_mut(key) {
            *old = entry;
            return Ok(());
        }
        let full = self.entries.len() >= room && (now.duration_since(self.swept)).as_secs() >= 1;
        if full || self.entries.len() >= self.sweep_at.min(room.max(SMALL)) {
            self.sweep(now);
        }
        if self.entries.len() >= room {
            return Err(SharedError::Full);
        }
        self.entries.insert(key.into(), entry);
        Ok(())
    }

    fn sweep(&mut self, now: Timestamp) {
        self.entries.retain(|_, entry| entry.until > now);
        self.entries.shrink_to(2 * self.entries.len());
        self.sweep_at = (2 * self.entries.len()).max(SMALL);
        self.swept = now;
    }
}

fn end(now: Timestamp, ttl: Duration) -> Timestamp {
    let ttl = SignedDuration::try_from(ttl).unwrap_or(SignedDuration::MAX);
    now.checked_add(ttl).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn size(table: &Table) -> usize {
        table
            .shards
            .iter()
            .map(|shard| shard.lock().unwrap().entries.len())
            .sum()
    }

    #[test]
    fn a_full_table_refuses_new_keys_and_keeps_the_old() {
        let table = Table::new(SHARDS);
        let kept: Vec<String> = (0..1_000)
            .map(|n| n.to_string())
            .filter(|key| table.put(key, at(0), MINUTE).is_ok())
            .collect();
        assert_eq!((kept.len(), size(&table)), (SHARDS, SHARDS));
        assert!(kept.iter().all(|key| table.has(key, at(59))));
        assert_eq!(table.add(&kept[0], at(1), MINUTE), Ok(2));
        assert_eq!(table.put("new", at(59), MINUTE), Err(SharedError::Full));
        assert_eq!(table.put("new", at(60), MINUTE), Ok(()));
    }

    #[test]
    fn dead_entries_are_freed_as_new_ones_come() {
        let table = Table::new(1 << 20);
        for n in 0..200_000_i64 {
            table.put(&n.to_string(), at(n), MINUTE).unwrap();
        }
        assert!(size(&table) <= SHARDS * (SMALL + 1), "{}", size(&table));
    }
}
