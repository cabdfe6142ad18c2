//! A sign-in that waits for its second factor: ten minutes, on the device that began it.

use jiff::SignedDuration;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{Device, Recognised};
use crate::{
    core::change::Change,
    features::auth::{
        opaque::{self, OpaqueToken},
        second_factors::Method,
        store::challenges::{self, Challenge},
    },
    http::error::{ApiError, ApiResult, Problem},
};

/// How long the second factor may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// The password was right, and the account asks for more.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct SecondFactorRequired {
    /// Always `second_factor_required`.
    #[schema(example = "second_factor_required")]
    status: &'static str,
    /// Names this sign-in at `/auth/login/2fa`, `/auth/2fa/backup-code` and `/auth/passkeys/…`, for ten minutes.
    challenge: String,
    /// What can be asked for.
    methods: Vec<Method>,
}

/// Stores the sign-in and names it.
pub(super) fn begin(
    change: &mut Change<'_>,
    recognised: &Recognised,
    methods: Vec<Method>,
) -> DbResult<SecondFactorRequired> {
    let token = OpaqueToken::new();
    let challenge = Challenge {
        user: recognised.user,
        device_hash: recognised.device.hash,
        device: recognised
            .device
            .report
            .as_ref()
            .and_then(|report| serde_json::to_string(report).ok()),
        amr: recognised.amr.clone(),
        expires_at: change.now() + LIFE,
    };
    challenges::insert(change, token.hash(), &challenge)?;
    Ok(SecondFactorRequired {
        status: "second_factor_required",
        challenge: token.as_str().to_owned(),
        methods,
    })
}

/// The sign-in that a challenge names, if it lives and this device began it.
///
/// # Errors
/// 401 `challenge.invalid`.
pub(in crate::features::auth) async fn find(
    change: &mut Change<'_>,
    token: &str,
    device_hash: [u8; 32],
) -> ApiResult<Recognised> {
    let now = change.now();
    let found = challenges::find(change, opaque::hash(token), now).await?;
    let challenge = found
        .filter(|challenge| challenge.device_hash == device_hash)
        .ok_or_else(|| ApiError::from(invalid()))?;
    let report = challenge.device.as_deref().map(serde_json::from_str).transpose();
    let report = report.map_err(|error| ApiError::Fault(format!("a stored device report: {error}")))?;
    Ok(Recognised {
        user: challenge.user,
        amr: challenge.amr,
        device: Device {
            hash: challenge.device_hash,
            report,
        },
    })
}

/// Takes the challenge out; of two who meet it at once, one signs in.
pub(in crate::features::auth) async fn take(change: &mut Change<'_>, token: &str) -> ApiResult<()> {
    if challenges::take(change, opaque::hash(token)).await? {
        return Ok(());
    }
    Err(invalid().into())
}

fn invalid() -> Problem {
    let detail = "this sign-in has expired, was finished, or began on another device; sign in again";
    Problem::unauthorized("challenge.invalid", detail)
}
