//! `[passwords]`: how long passwords are and how they are kept. No bound allows less than NIST SP 800-63B-4 §3.1.1.2 asks for
//! lengths, or less work than OWASP's first choice for a hash.

use std::{thread, time::Duration};

use serde::Deserialize;
use stockade_domain::passwords::Lengths;

use super::field::{minutes, optional_url, within};

/// Passwords and their hashes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Fewest characters beside a second factor.
    #[serde(deserialize_with = "within::<8, 64, _, _>")]
    pub least_with_second_factor: usize,
    /// Fewest characters of one that stands alone.
    #[serde(deserialize_with = "within::<15, 64, _, _>")]
    pub least_alone: usize,
    /// Most characters.
    #[serde(deserialize_with = "within::<64, 512, _, _>")]
    pub most: usize,
    /// How new passwords are hashed.
    pub hash: HashKind,
    /// Memory of an argon2id hash.
    #[serde(deserialize_with = "within::<19_456, 262_144, _, _>")]
    pub argon2_memory_kib: u32,
    /// Passes of an argon2id hash over its memory.
    #[serde(deserialize_with = "within::<2, 16, _, _>")]
    pub argon2_passes: u32,
    /// Rounds of a bcrypt hash, as a power of two.
    #[serde(deserialize_with = "within::<12, 16, _, _>")]
    pub bcrypt_cost: u32,
    /// Hashing threads as set; [`Passwords::threads`] says how many that makes.
    #[serde(deserialize_with = "within::<0, 1_024, _, _>")]
    pub hash_threads: usize,
    /// Sign-ins that may wait.
    #[serde(deserialize_with = "within::<1, 100_000, _, _>")]
    pub queue: usize,
    /// The life of the link with which a forgotten password is replaced.
    #[serde(rename = "reset_link_minutes", deserialize_with = "minutes::<1, 60, _>")]
    pub reset_link: Duration,
    /// Where lists of breached passwords are asked for, by the first five digits of a hash; nowhere when empty.
    #[serde(deserialize_with = "optional_url")]
    pub breached_url: Option<String>,
}

/// How a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HashKind {
    /// RFC 9106.
    Argon2id,
    /// Of a SHA-256 under the salt, so that 72 bytes is no cliff.
    Bcrypt,
}

/// How much work a new hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashWork {
    /// In one lane.
    Argon2id {
        /// Memory.
        memory_kib: u32,
        /// Over the memory.
        passes: u32,
    },
    /// As a power of two.
    Bcrypt {
        /// Rounds.
        cost: u32,
    },
}

impl Passwords {
    /// How long passwords may be.
    pub fn lengths(&self) -> Lengths {
        Lengths {
            with_second_factor: self.least_with_second_factor,
            alone: self.least_alone,
            most: self.most,
        }
    }

    /// How a new password is hashed.
    pub fn work(&self) -> HashWork {
        match self.hash {
            HashKind::Argon2id => HashWork::Argon2id {
                memory_kib: self.argon2_memory_kib,
                passes: self.argon2_passes,
            },
            HashKind::Bcrypt => HashWork::Bcrypt {
                cost: self.bcrypt_cost,
            },
        }
    }

    /// Hashing threads: as set, or half the cores, at least one.
    pub fn threads(&self) -> usize {
        match self.hash_threads {
            0 => (thread::available_parallelism().map_or(1, usize::from) / 2).max(1),
            set => set,
        }
    }
}
