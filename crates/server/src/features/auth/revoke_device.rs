//! `DELETE /devices/{id}`: a device is forgotten and its sessions end. The next sign-in from it is one from an unknown
//! device.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use stockade_domain::ids::{DeviceId, SessionId, UserId};
use stockade_platform::db::DbResult;

use super::{
    events::{self, SignedOutOf},
    revocations,
    store::sessions,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::devices,
    http::error::{ApiError, ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/devices/{id}", tag = "devices", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Forgotten."), (status = 404, body = Problem))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let device: DeviceId = id.parse().map_err(|_| unknown())?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let Some(revoked) = devices::revoke(&app, change, user.id, device).await? else {
                return Err(unknown());
            };
            end_sessions(&app, change, user.id, device).await?;
            change.commit(revoked, ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the device's sessions, and puts on record which they were.
async fn end_sessions(app: &App, change: &mut Change<'_>, user: UserId, device: DeviceId) -> DbResult<()> {
    let now = change.now();
    let ended: Vec<SessionId> = sessions::revoke_of_device(change, user, device, now).await?;
    if !ended.is_empty() {
        change.also(events::sessions_revoked(SignedOutOf::Device, &ended));
        revocations::follow_up(app, change, ended)?;
    }
    Ok(())
}

fn unknown() -> ApiError {
    Problem::not_found("device.unknown", "you have no device with this id").into()
}
