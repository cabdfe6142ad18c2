//! `[market]`: prices.

use serde::Deserialize;

/// Prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Where they come from.
    pub feed: Feed,
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Real daily closes, played as a moving market.
    Replay,
}
