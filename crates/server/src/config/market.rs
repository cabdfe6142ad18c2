//! `[market]`: prices.

use std::time::Duration;

use serde::Deserialize;

use super::field::{milliseconds, minutes};

/// Prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Where they come from.
    pub feed: Feed,
    /// How often they are read and sent to who listens.
    #[serde(rename = "tick_ms", deserialize_with = "milliseconds::<50, 60_000, _>")]
    pub tick: Duration,
    /// How old a price of the feeds `csv` and `alpaca` may be to be traded on.
    #[serde(rename = "stale_after_minutes", deserialize_with = "minutes::<1, 100_000, _>")]
    pub stale_after: Duration,
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Real daily closes, played as a moving market.
    Replay,
    /// What was imported from files.
    Csv,
    /// What Alpaca says.
    Alpaca,
}
