//! `[forecasts]`: forecasts of prices.

use serde::Deserialize;

/// Forecasts of prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecasts {
    /// Whether the worker makes them.
    pub enabled: bool,
}
