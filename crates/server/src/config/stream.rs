//! `[stream]`: prices as they move, by WebSocket.

use std::time::Duration;

use serde::Deserialize;

use super::field::{milliseconds, within};

/// What streams may cost.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The most that are open at once on this instance.
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub connections: usize,
    /// The most that one person has open at once on this instance.
    #[serde(deserialize_with = "within::<1, 100_000, _, _>")]
    pub connections_per_person: usize,
    /// The most symbols that one carries.
    #[serde(deserialize_with = "within::<1, 10_000, _, _>")]
    pub symbols_per_connection: usize,
    /// How often one says that it is alive.
    #[serde(rename = "heartbeat_ms", deserialize_with = "milliseconds::<10, 300_000, _>")]
    pub heartbeat: Duration,
    /// How long a client may not take what is sent.
    #[serde(rename = "slow_after_ms", deserialize_with = "milliseconds::<10, 60_000, _>")]
    pub slow_after: Duration,
}
