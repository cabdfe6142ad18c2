//! `[observability]`: who may watch the program.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    Network,
    field::{networks, optional_url, within},
};

/// Who may watch the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observability {
    /// From where metrics may be read without a token.
    #[serde(deserialize_with = "networks")]
    pub metrics_networks: Vec<Network>,
    /// What else opens them; empty when nothing does.
    #[serde(deserialize_with = "token")]
    pub metrics_token: SecretString,
    /// Where spans are sent.
    #[serde(deserialize_with = "optional_url")]
    pub otlp_url: Option<String>,
    /// How many of a thousand requests are followed.
    #[serde(deserialize_with = "within::<0, 1_000, _, _>")]
    pub otlp_per_thousand: u64,
}

/// Shortest token, in characters.
const SHORTEST_TOKEN: usize = 16;

/// What fits into a header, or nothing. The message shows none of it.
fn token<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    let text = String::deserialize(from)?;
    let fits = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || fits {
        return Ok(text.into());
    }
    Err(D::Error::custom(
        "not a token; write 16 visible characters or more, as `openssl rand -hex 32` makes them",
    ))
}
