//! `DELETE /devices/{id}`: a device is forgotten and its sessions end. The next sign-in from it is one from an unknown
//! device.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use stockade_domain::ids::DeviceId;

use super::{
    end_sessions::{Which, end_sessions},
    events::SignedOutOf,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::devices,
    http::error::{ApiError, ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = uuid::Uuid, Path)),
    extensions(("x-rate-limit" = json!("write"))),
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
            let of_it = Which::OfDevice(device);
            end_sessions(&app, change, user.id, of_it, SignedOutOf::Device).await?;
            change.commit(revoked, ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> ApiError {
    Problem::not_found("device.unknown", "you have no device with this id").into()
}
