//! `[admission]`: how many requests are at work, and how many wait.

use std::time::Duration;

use serde::Deserialize;

use super::field::{seconds, within};

/// Requests at work and waiting.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// At work at once.
    #[serde(deserialize_with = "within::<1, 100_000, _, _>")]
    pub at_work: usize,
    /// Waiting at most.
    #[serde(deserialize_with = "within::<0, 100_000, _, _>")]
    pub queue: usize,
    /// Waiting at most from one address.
    #[serde(deserialize_with = "within::<0, 100_000, _, _>")]
    pub queue_per_address: usize,
    /// The longest wait.
    #[serde(rename = "wait_seconds", deserialize_with = "seconds::<0, 60, _>")]
    pub wait: Duration,
}
