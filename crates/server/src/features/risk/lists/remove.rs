//! `DELETE /api/admin/security/lists/{id}`: a line counts no more.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use uuid::Uuid;

use crate::{
    app::App,
    core::change::Change,
    features::risk::{events, store},
    http::error::{ApiResult, Problem},
    security::roles::CaseWorker,
};

#[utoipa::path(
    delete, path = "/api/admin/security/lists/{id}", tag = "operations desk", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 204, description = "Removed."), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(in crate::features::risk) async fn remove(
    worker: CaseWorker,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let by = worker.id.as_uuid();
    app.change(&*worker, async move |change: &mut Change<'_>| {
        let now = change.now();
        if !store::lists::remove(change, id, by, now).await? {
            return Err(Problem::not_found("list.unknown", "there is no such line in force").into());
        }
        store::lists_changed().later(change)?;
        change.commit(events::line_removed(id), ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
