//! `DELETE /price-alerts/{id}`: waits no longer, or forgets one that has fired.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use uuid::Uuid;

use super::{events, store};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/api/v1/price-alerts/{id}", tag = "market", params(("id" = Uuid, Path)),
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

fn unknown() -> Problem {
    Problem::not_found("price_alert.unknown", "you have no alert with this id")
}
