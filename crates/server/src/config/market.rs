//! `[market]`: prices.

use std::time::Duration;

use serde::Deserialize;

use super::field::milliseconds;

/// Prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Where they come from.
    pub feed: Feed,
    /// How often they are read and sent to who listens.
    #[serde(rename = "tick_ms", deserialize_with = "milliseconds::<50, 60_000, _>")]
    pub tick: Duration,
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Real daily closes, played as a moving market.
    Replay,
}
