//! `[alpaca]`: Alpaca's market data.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

use super::field::{name, optional_url, within};

/// Where Alpaca is, and the key that opens it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alpaca {
    /// Scheme and host.
    #[serde(deserialize_with = "optional_url")]
    pub url: Option<String>,
    /// The key's id; empty when there is none.
    #[serde(deserialize_with = "secret")]
    pub key: SecretString,
    /// The key's secret.
    #[serde(deserialize_with = "secret")]
    pub secret: SecretString,
    /// Which of their feeds.
    #[serde(deserialize_with = "name")]
    pub feed: String,
    /// Requests a minute at most.
    #[serde(deserialize_with = "within::<1, 10_000, _, _>")]
    pub requests_per_minute: usize,
}

impl Alpaca {
    /// Whether there is a whole key.
    pub(super) fn has_key(&self) -> bool {
        !self.key.expose_secret().is_empty() && !self.secret.expose_secret().is_empty()
    }

    /// Whether only one part of the key is there.
    pub(super) fn has_half_a_key(&self) -> bool {
        self.key.expose_secret().is_empty() != self.secret.expose_secret().is_empty()
    }

    /// Whether their prices are late by design.
    pub fn is_delayed(&self) -> bool {
        self.feed.starts_with("delayed")
    }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}
