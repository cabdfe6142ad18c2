//! `[events]`: server-sent events.

use std::time::Duration;

use serde::Deserialize;

use super::field::{seconds, within};

/// Streams of events that stay open.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Open at once.
    #[serde(deserialize_with = "within::<0, 1_000_000, _, _>")]
    pub open: usize,
    /// Open at once for one person.
    #[serde(deserialize_with = "within::<1, 1_000, _, _>")]
    pub per_person: usize,
    /// How often something is sent when nothing happens.
    #[serde(rename = "heartbeat_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub heartbeat: Duration,
    /// How long a client may take nothing.
    #[serde(rename = "slow_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub slow: Duration,
}
