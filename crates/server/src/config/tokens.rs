//! `[tokens]`: access and refresh tokens.

use std::time::Duration;

use serde::Deserialize;

use super::field::{days, minutes, name, seconds};

/// Access and refresh tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// How access tokens are signed.
    pub algorithm: TokenAlgorithm,
    /// How long a key pair signs before the next one does.
    #[serde(rename = "key_days", deserialize_with = "days::<1, 90, _>")]
    pub key_period: Duration,
    /// The life of an access token.
    #[serde(rename = "access_minutes", deserialize_with = "minutes::<1, 60, _>")]
    pub access: Duration,
    /// The life of a refresh token that is not used.
    #[serde(rename = "refresh_days", deserialize_with = "days::<1, 90, _>")]
    pub refresh: Duration,
    /// How long a refresh may be repeated with the same answer.
    #[serde(rename = "refresh_retry_seconds", deserialize_with = "seconds::<0, 300, _>")]
    pub refresh_retry: Duration,
    /// `iss` (RFC 7519 §4.1.1).
    #[serde(deserialize_with = "name")]
    pub issuer: String,
    /// `aud` (RFC 7519 §4.1.3).
    #[serde(deserialize_with = "name")]
    pub audience: String,
}

/// How access tokens are signed (RFC 7518 §3.1, RFC 8037 §3.1). No token chooses for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TokenAlgorithm {
    /// With a key that only instances of this program have.
    #[serde(rename = "HS256")]
    Hs256,
    /// With Ed25519 key pairs that rotate, whose public halves anybody may have.
    #[serde(rename = "EdDSA")]
    EdDsa,
}
