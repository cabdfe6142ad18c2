//! `GET /auth/2fa` and `POST /auth/2fa/backup-codes`: how many are left, and new ones for a code of the app (or one of
//! the old), or under a step-up, which a passkey passes, too.

use axum::{
    Json as Answer,
    extract::{FromRequest as _, Request, State},
};
use serde::Deserialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{
    SecondFactors, backup_code,
    enrol::{BackupCodes, wrong_code},
    methods, of,
    prove::prove,
};
use crate::{
    app::App,
    core::{
        actor::{Actor, SignedIn},
        change::Change,
    },
    features::auth::{events, lockout::Attempt, store::users},
    http::{
        error::{ApiResult, Problem},
        json,
    },
    security::step_up::SteppedUp,
};

#[utoipa::path(
    get, path = "/api/v1/auth/2fa", tag = "second factors",
    responses((status = 200, body = SecondFactors), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn show(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<Answer<SecondFactors>> {
    let found: DbResult<_> = app.read(async move |reader| of(reader, user.id).await).await;
    Ok(Answer(found?))
}

/// What allows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Renew {
    /// Of the app, or one of the backup codes that are left. Without one it takes a step-up.
    code: Option<String>,
}

#[utoipa::path(
    post, path = "/api/v1/auth/2fa/backup-codes", tag = "second factors", request_body = Renew,
    extensions(("x-rate-limit" = json!("sensitive"))),
    params(("X-Step-Up" = Option<String>, Header, description = "A proof for this request, in place of a code.")),
    responses(
        (status = 200, body = BackupCodes), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem),
    )
)]
pub(in crate::features::auth) async fn renew(
    State(app): State<App>,
    user: SignedIn,
    request: Request,
) -> ApiResult<Answer<BackupCodes>> {
    let (ask, request) = json::read_ahead::<Renew>(request, app.config.server.body_limit_bytes).await?;
    let actor = match ask.code {
        Some(_) => Actor::from(&user),
        None => Actor::from(&SteppedUp::<Renew>::from_request(request, &app).await?.user),
    };
    let renewed = app
        .change(actor, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                if methods(change, user.id).await?.is_empty() {
                    let detail = "backup codes stand in for a second factor, and none is on";
                    return Err(Problem::conflict("second_factor.off", detail).into());
                }
                let attempt = Attempt::Session(user.session);
                if let Some(code) = &ask.code
                    && prove(&app, change, user.id, code, attempt).await?.is_none()
                {
                    return change.commit(events::backup_codes_refused(user.id), Err(wrong_code()));
                }
                let now = change.now();
                users::credentials_changed(change, user.id, now)?;
                let codes = backup_code::renew(&app, change, user.id).await?;
                change.commit(events::backup_codes_created(user.id, codes.len()), Ok(codes))
            }
        })
        .await?;
    Ok(Answer(BackupCodes {
        backup_codes: renewed?,
    }))
}
