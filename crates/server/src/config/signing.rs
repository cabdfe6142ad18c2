//! `[signing]`: signatures of financial requests.

use std::time::Duration;

use serde::Deserialize;

use super::field::{days, seconds};

/// Request signatures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// How far a request's time may lie from ours, either way.
    #[serde(rename = "window_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub window: Duration,
    /// The life of a signing key.
    #[serde(rename = "key_days", deserialize_with = "days::<1, 3_650, _>")]
    pub key_life: Duration,
}
