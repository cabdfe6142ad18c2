//! `DELETE /watchlists/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use uuid::Uuid;

use super::{events, store, unknown};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/api/v1/watchlists/{id}", tag = "market", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 204, description = "Deleted."), (status = 404, body = Problem))
)]
pub(super) async fn remove(
    user: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let owner = user.id;
    app.change(&user, async move |change: &mut Change<'_>| {
        if !store::delete(change, owner, id).await? {
            return Err(unknown().into());
        }
        change.commit(events::deleted(id), ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
