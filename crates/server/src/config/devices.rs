//! `[devices]`: what people sign in from.

use std::time::Duration;

use serde::Deserialize;

use super::field::days;

/// Devices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// Devices that were not seen for this long are removed.
    #[serde(rename = "unused_days", deserialize_with = "days::<7, 365, _>")]
    pub unused: Duration,
}
