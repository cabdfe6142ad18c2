//! `GET` and `POST /auth/2fa/backup-codes`: how many are left, and ten new ones for a code of the app (or one of the old).

use axum::{Json as Answer, extract::State};
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
    core::{actor::SignedIn, change::Change},
    features::auth::{events, lockout::Attempt, store::users},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

#[utoipa::path(
    get, path = "/auth/2fa", tag = "second factors",
    responses((status = 200, body = SecondFactors), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn show(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<Answer<SecondFactors>> {
    let found: DbResult<_> = app.read(async move |reader| of(reader, user.id).await).await;
    Ok(Answer(found?))
}

/// A code of the app, or one of the backup codes that are left.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Renew {
    code: String,
}

#[utoipa::path(
    post, path = "/auth/2fa/backup-codes", tag = "second factors", request_body = Renew,
    responses((status = 200, body = BackupCodes), (status = 401, body = Problem), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn renew(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<Renew>,
) -> ApiResult<Answer<BackupCodes>> {
    let renewed = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                if methods(change, user.id).await?.is_empty() {
                    let detail = "backup codes stand in for a second factor, and none is on";
                    return Err(Problem::conflict("second_factor.off", detail).into());
                }
                if prove(&app, change, user.id, &ask.code, Attempt::Session(user.session))
                    .await?
                    .is_none()
                {
                    return change.commit(events::backup_codes_refused(user.id), Err(wrong_code()));
                }
                let codes = backup_code::renew(&app, change, user.id).await?;
                change.commit(events::backup_codes_created(user.id, codes.len()), Ok(codes))
            }
        })
        .await?;
    Ok(Answer(BackupCodes {
        backup_codes: renewed?,
    }))
}
