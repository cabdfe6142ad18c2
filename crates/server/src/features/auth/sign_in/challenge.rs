//! A sign-in that waits for its second factor: ten minutes, on the device that began it.

use axum::http::HeaderMap;
use jiff::SignedDuration;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::Recognised;
use crate::{
    app::App,
    core::change::Change,
    features::{
        auth::{
            opaque::{self, OpaqueToken},
            second_factors::Method,
            store::challenges::{self, Challenge},
        },
        devices,
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

impl SecondFactorRequired {
    /// As the fragment of an address, which browsers send to nobody.
    pub(in crate::features::auth) fn fragment(&self) -> String {
        let methods: Vec<_> = self.methods.iter().map(|method| method.as_str()).collect();
        format!("challenge={}&methods={}", self.challenge, methods.join(","))
    }
}

/// Stores the sign-in and names it.
pub(in crate::features::auth) fn begin(
    change: &mut Change<'_>,
    recognised: &Recognised,
    methods: Vec<Method>,
) -> DbResult<SecondFactorRequired> {
    let token = OpaqueToken::new();
    let challenge = Challenge {
        user: recognised.user,
        device_hash: recognised.binding,
        device: recognised
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

/// The living sign-in that a challenge names.
///
/// # Errors
/// 401 `challenge.invalid`, also from a device that clearly did not begin it.
pub(in crate::features::auth) async fn find(
    app: &App,
    headers: &HeaderMap,
    token: &str,
) -> ApiResult<Recognised> {
    let (now, hash) = (app.clock.now(), opaque::hash(token));
    let found: DbResult<_> = app
        .read(async move |reader| challenges::find(reader, hash, now).await)
        .await;
    let challenge = found?
        .filter(|challenge| !devices::is_clearly_other(app, headers, &challenge.device_hash))
        .ok_or_else(|| ApiError::from(invalid()))?;
    let report = challenge.device.as_deref().map(serde_json::from_str).transpose();
    let report = report.map_err(|error| ApiError::Fault(format!("a stored device report: {error}")))?;
    Ok(Recognised {
        user: challenge.user,
        amr: challenge.amr,
        binding: challenge.device_hash,
        report,
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
