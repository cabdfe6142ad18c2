//! `[registration]`: how people join.

use std::time::Duration;

use serde::Deserialize;

use super::field::minutes;

/// How people join.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Whether anybody may.
    pub open: bool,
    /// The life of the link in the confirmation mail.
    #[serde(rename = "link_minutes", deserialize_with = "minutes::<1, 1_440, _>")]
    pub link: Duration,
}
