//! `[passwords]`: how passwords are kept.

use std::{thread, time::Duration};

use serde::Deserialize;

use super::field::{minutes, optional_url, within};

/// Password hashing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// How new passwords are hashed.
    pub hash: HashKind,
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
    /// Cost 12.
    Bcrypt,
}

impl Passwords {
    /// Hashing threads: as set, or half the cores, at least one.
    pub fn threads(&self) -> usize {
        match self.hash_threads {
            0 => (thread::available_parallelism().map_or(1, usize::from) / 2).max(1),
            set => set,
        }
    }
}
