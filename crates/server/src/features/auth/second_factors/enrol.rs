//! `POST /auth/2fa/enable` and `/auth/2fa/verify`: an authenticator app is shown a secret, and counts once a code of it
//! was right. Until then nothing has changed.

use axum::{Json as Answer, extract::State};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use stockade_platform::random;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    Method, backup_code, methods, qr,
    totp::{self, Which},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change, sealed::key_of},
    features::auth::{
        current_password, events,
        lockout::{self, Attempt, Authenticator},
        store::{totp_secrets, users},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Bytes of a secret: the length of the hash (RFC 4226 §4).
const SECRET: usize = 20;

/// Who asks, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Enable {
    password: String,
}

/// What the app is to be shown. It is not shown again.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct PendingTotp {
    /// The secret in base 32, for typing.
    secret: String,
    /// The same with its settings, for a link.
    otpauth_uri: String,
    /// The same as a QR code: an SVG document.
    qr_svg: String,
    /// The same as a QR code: a PNG file in base 64.
    qr_png: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/2fa/enable", tag = "second factors", request_body = Enable,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = PendingTotp), (status = 401, body = Problem), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn enable(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<Enable>,
) -> ApiResult<Answer<PendingTotp>> {
    let confirmed = current_password::check(&app, &user, &ask.password, "password").await?;
    let secret = Zeroizing::new(random::bytes::<SECRET>());
    let authenticator = totp::authenticator(&app, secret.as_slice(), &user.email);
    let fault = |error| crate::http::error::ApiError::Fault(format!("an otpauth address: {error}"));
    let otpauth_uri = authenticator.to_url().map_err(fault)?;
    let drawn = qr::draw(&otpauth_uri)?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            if !confirmed.still_holds(change).await? {
                return change.refuse(
                    events::password_not_confirmed(user.id),
                    current_password::replaced(),
                );
            }
            let key = key_of(&app.core.keys, change, user.id).await?;
            let sealed = key.seal(&totp::place(user.id.as_uuid().as_bytes()), secret.as_slice());
            let now = change.now();
            if !totp_secrets::put_pending(change, user.id, sealed, now).await? {
                let detail = "an authenticator app is on already; turn it off first to use another";
                return Err(Problem::conflict("second_factor.already_on", detail).into());
            }
            change.commit(events::second_factor_pending(user.id, Method::Totp), ())
        }
    })
    .await?;
    Ok(Answer(PendingTotp {
        secret: authenticator.secret().to_base32(),
        otpauth_uri,
        qr_svg: drawn.svg,
        qr_png: BASE64.encode(drawn.png),
    }))
}

/// What the app shows now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct VerifyApp {
    #[schema(example = "123456")]
    code: String,
}

/// Codes, ten as it comes, each good for one sign-in without the app. They are shown once.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct BackupCodes {
    #[schema(example = json!(["7M2K-0QXF-9AVT-E4HB"]))]
    pub(super) backup_codes: Vec<String>,
}

#[utoipa::path(
    post, path = "/api/v1/auth/2fa/verify", tag = "second factors", request_body = VerifyApp,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = BackupCodes), (status = 401, body = Problem), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn verify(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<VerifyApp>,
) -> ApiResult<Answer<BackupCodes>> {
    let done = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                if totp_secrets::of(change, user.id)
                    .await?
                    .is_none_or(|totp| totp.active)
                {
                    let detail =
                        "no authenticator app waits to be verified; begin with POST /api/v1/auth/2fa/enable";
                    return Err(Problem::conflict("second_factor.not_pending", detail).into());
                }
                let guard = lockout::guard(
                    &app,
                    change,
                    user.id,
                    Authenticator::Totp,
                    Attempt::Session(user.session),
                )
                .await?;
                let open = guard.is_open(change);
                if !open || !totp::verify(&app, change, user.id, &ask.code, Which::Pending).await? {
                    if open {
                        guard.fail(&app, change).await?;
                    }
                    let event = events::second_factor_failed(user.id, Authenticator::Totp);
                    return change.commit(event, Err(wrong_code()));
                }
                guard.succeed(change)?;
                let had_codes = !methods(change, user.id).await?.is_empty();
                let now = change.now();
                totp_secrets::activate(change, user.id, now)?;
                users::credentials_changed(change, user.id, now)?;
                // Codes that were kept for a passkey stay good.
                let codes = match had_codes {
                    true => Vec::new(),
                    false => backup_code::renew(&app, change, user.id).await?,
                };
                if !had_codes {
                    change.also(events::backup_codes_created(user.id, codes.len()));
                }
                change.commit(events::second_factor_enabled(user.id, Method::Totp), Ok(codes))
            }
        })
        .await?;
    Ok(Answer(BackupCodes { backup_codes: done? }))
}

pub(super) fn wrong_code() -> Problem {
    let detail = "the code is wrong, was used before, or too many were wrong; wait for the next one and check the clock of your device";
    Problem::unauthorized("second_factor.wrong_code", detail)
}
