//! `[redis]`: state that several instances share.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};

/// Shared state.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// The server, whose address may hold a password; none means that the database and memory serve.
    #[serde(deserialize_with = "address")]
    pub url: Option<SecretString>,
}

fn address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    let url = String::deserialize(from)?;
    if url.is_empty() {
        return Ok(None);
    }
    if url.strip_prefix("redis://").is_some_and(|rest| !rest.is_empty()) {
        return Ok(Some(url.into()));
    }
    Err(D::Error::custom(
        "not the address of Redis; write redis://user:password@host:port/number",
    ))
}
