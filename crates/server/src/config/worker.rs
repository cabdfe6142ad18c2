//! `[worker]`: background work.

use std::time::Duration;

use serde::Deserialize;

use super::field::milliseconds;

/// Background work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// How often followers look for new work when nothing woke them.
    #[serde(rename = "poll_ms", deserialize_with = "milliseconds::<10, 60_000, _>")]
    pub poll: Duration,
}
