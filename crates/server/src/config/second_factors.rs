//! `[second_factors]`: second factors, and proofs of who asks. Forms that authenticator apps share (SHA-1, six digits,
//! steps of 30 seconds) and sizes of secrets are fixed.

use std::time::Duration;

use serde::Deserialize;

use super::field::{minutes, within};

/// Second factors and step-up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactors {
    /// Steps of 30 seconds that an authenticator app's clock may be off, either way (RFC 6238 §5.2 allows one at most).
    #[serde(deserialize_with = "within::<0, 1, _, _>")]
    pub totp_drift_steps: u16,
    /// Backup codes that a person gets at a time.
    #[serde(deserialize_with = "within::<5, 20, _, _>")]
    pub backup_codes: usize,
    /// How long proving may take, and how long a proof may be used.
    #[serde(rename = "step_up_minutes", deserialize_with = "minutes::<1, 15, _>")]
    pub step_up: Duration,
}
