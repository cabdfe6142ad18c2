//! `[audit]`: the audit log.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use stockade_domain::roles::Role;

use super::field::seconds;

/// The audit log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// The log's name in checkpoints.
    #[serde(deserialize_with = "key_name")]
    pub origin: String,
    /// The least time between two signed heads.
    #[serde(rename = "checkpoint_seconds", deserialize_with = "seconds::<1, 3_600, _>")]
    pub checkpoint_interval: Duration,
    /// Whether checkpoints, tiles and proofs may be read without signing in.
    pub public_log: bool,
    /// Who of the staff gets a signed head a day by mail.
    pub checkpoint_roles: Vec<Role>,
}

/// The name of a key in a C2SP signed note: not empty, no spaces, no plus.
fn key_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(D::Error::custom(format!(
            "{name:?} cannot name a log; write a name without spaces and +, as in log.example.com"
        )));
    }
    Ok(name)
}
