//! `POST /auth/2fa/disable`: turns the authenticator app off, for its code (or a backup code) and the password. When no
//! second factor is left, the password stands alone and must be long enough for that (NIST SP 800-63B-4 §3.1.1.2).

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Method, enrol::wrong_code, methods, prove::prove};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::auth::{
        current_password, events,
        lockout::Attempt,
        password_rules::{stands_alone, too_short_alone},
        store::{backup_codes, totp_secrets, users},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Both proofs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Disable {
    password: String,
    /// Of the app, or a backup code.
    code: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/2fa/disable", tag = "second factors", request_body = Disable,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses(
        (status = 204, description = "The app is off."), (status = 401, body = Problem),
        (status = 409, body = Problem),
    )
)]
pub(in crate::features::auth) async fn disable(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<Disable>,
) -> ApiResult<StatusCode> {
    let confirmed = current_password::check(&app, &user, &ask.password, "password").await?;
    let long_enough = stands_alone(&app, &ask.password);
    let disabled = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                if !confirmed.still_holds(change).await? {
                    return change.refuse(
                        events::password_not_confirmed(user.id),
                        current_password::replaced(),
                    );
                }
                if !totp_secrets::is_active(change, user.id).await? {
                    return Err(Problem::conflict("second_factor.off", "no authenticator app is on").into());
                }
                let attempt = Attempt::Session(user.session);
                if prove(&app, change, user.id, &ask.code, attempt).await?.is_none() {
                    return change.commit(events::second_factor_kept(user.id), Err(wrong_code()));
                }
                totp_secrets::delete(change, user.id)?;
                let now = change.now();
                users::credentials_changed(change, user.id, now)?;
                if methods(change, user.id).await?.is_empty() {
                    if !long_enough {
                        return Err(too_short_alone(&app).into());
                    }
                    backup_codes::delete(change, user.id)?;
                }
                change.commit(events::second_factor_disabled(user.id, Method::Totp), Ok(()))
            }
        })
        .await?;
    disabled?;
    Ok(StatusCode::NO_CONTENT)
}
