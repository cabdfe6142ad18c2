//! `DELETE /api/admin/webhooks/{id}`: ends a webhook; what was to be delivered is not.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use uuid::Uuid;

use super::{events, store, view::unknown};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
    security::roles::Administrator,
};

#[utoipa::path(
    delete, path = "/api/admin/webhooks/{id}", tag = "administration", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 204, description = "Deleted."), (status = 404, body = Problem))
)]
pub(super) async fn remove(
    admin: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    app.change(&*admin, async move |change: &mut Change<'_>| {
        if !store::delete(change, id).await? {
            return Err(unknown().into());
        }
        change.commit(events::deleted(id), ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
