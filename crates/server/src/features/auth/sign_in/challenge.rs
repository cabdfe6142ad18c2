//! A sign-in that waits for its second factor, or for a code by mail: ten minutes, on the device that began it.

use axum::http::{HeaderMap, StatusCode};
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
            mails,
            opaque::{self, OpaqueToken},
            second_factors::{Method, mailed_code},
            store::{
                challenges::{self, Challenge},
                users::Credentials,
            },
        },
        devices, mail,
        risk::RiskView,
    },
    http::error::{ApiError, ApiResult, Problem},
    security::rate_limit::Counted,
};

/// How long the second factor may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Sign-ins of a person that wait for a mailed code at once, so that nobody floods a mailbox.
const MOST_BY_MAIL: i64 = 10;

/// The password was right, and the account asks for more.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct SecondFactorRequired {
    /// Always `second_factor_required`.
    #[schema(example = "second_factor_required")]
    status: &'static str,
    /// Names this sign-in at `/auth/login/2fa`, `/auth/2fa/backup-code` and `/auth/passkeys/…`, for ten minutes.
    challenge: String,
    /// What can be asked for. With `mailed_code` it is on its way, and goes to `/auth/login/2fa`.
    methods: Vec<Method>,
    /// How risky the sign-in looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<RiskView>,
}

impl SecondFactorRequired {
    /// As the fragment of an address, which browsers send to nobody.
    pub(in crate::features::auth) fn fragment(&self) -> String {
        let methods: Vec<_> = self.methods.iter().map(|method| method.as_str()).collect();
        format!("challenge={}&methods={}", self.challenge, methods.join(","))
    }
}

/// Stores the sign-in and names it. Where a mailed code is asked for, it is posted.
///
/// # Errors
/// 429 `sign_in.too_many_codes`.
pub(in crate::features::auth) async fn begin(
    app: &App,
    change: &mut Change<'_>,
    user: &Credentials,
    recognised: &Recognised,
    methods: Vec<Method>,
    risk: Option<RiskView>,
) -> ApiResult<SecondFactorRequired> {
    let token = OpaqueToken::new();
    let expires_at = change.now() + LIFE;
    let mut mailed_code_hash = None;
    if methods.contains(&Method::MailedCode) {
        let now = change.now();
        if challenges::waiting_for_mail(change, user.id, now).await? >= MOST_BY_MAIL {
            return Err(too_many_codes().into());
        }
        let code = mailed_code::new();
        mailed_code_hash = Some(mailed_code::hash(app, &token.hash(), &code));
        mail::post(change, mails::sign_in_code(&user.email, &code).until(expires_at))?;
    }
    let challenge = Challenge {
        user: recognised.user,
        device_hash: recognised.binding,
        device: recognised
            .report
            .as_ref()
            .and_then(|report| serde_json::to_string(report).ok()),
        amr: recognised.amr.clone(),
        expires_at,
        mailed_code_hash,
        failures: recognised.failures.into(),
    };
    challenges::insert(change, token.hash(), &challenge)?;
    Ok(SecondFactorRequired {
        status: "second_factor_required",
        challenge: token.as_str().to_owned(),
        methods,
        risk,
    })
}

/// A sign-in that waits.
pub(in crate::features::auth) struct Begun {
    pub(in crate::features::auth) recognised: Recognised,
    /// What the mailed code must come to, if it waits for one.
    pub(in crate::features::auth) mailed_code_hash: Option<[u8; 32]>,
}

/// The living sign-in that a challenge names. The request counts on whoever it is of, so that many addresses together
/// ask no more than one.
///
/// # Errors
/// 401 `challenge.invalid`, also from a device that clearly did not begin it; 429 `rate_limit.exceeded`.
pub(in crate::features::auth) async fn find(
    app: &App,
    headers: &HeaderMap,
    counted: &Counted,
    token: &str,
) -> ApiResult<Begun> {
    let (now, hash) = (app.clock.now(), opaque::hash(token));
    let found: DbResult<_> = app
        .read(async move |reader| challenges::find(reader, hash, now).await)
        .await;
    let challenge = found?
        .filter(|challenge| !devices::is_clearly_other(app, headers, &challenge.device_hash))
        .ok_or_else(|| ApiError::from(invalid()))?;
    counted.on(app, challenge.user).await?;
    let report = challenge.device.as_deref().map(serde_json::from_str).transpose();
    let report = report.map_err(|error| ApiError::Fault(format!("a stored device report: {error}")))?;
    Ok(Begun {
        recognised: Recognised {
            user: challenge.user,
            amr: challenge.amr,
            binding: challenge.device_hash,
            report,
            failures: u32::try_from(challenge.failures).unwrap_or(u32::MAX),
        },
        mailed_code_hash: challenge.mailed_code_hash,
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

fn too_many_codes() -> Problem {
    let detail = "too many sign-ins wait for a code that was mailed; use one of them, or wait ten minutes";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "sign_in.too_many_codes", detail).retry_after(600)
}
