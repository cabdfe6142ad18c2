//! `POST /api/admin/security/incidents/{id}/note`: what somebody found out, in words. It stays, resolved or not.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{events, list::IncidentView, work};
use crate::{
    app::App,
    core::change::Change,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::CaseWorker,
};

/// What.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteOnIncident {
    /// 1 to 4,000 characters.
    #[schema(example = "Rang the owner: it was not them.")]
    text: String,
}

#[utoipa::path(
    post, path = "/api/admin/security/incidents/{id}/note", tag = "operations desk", params(("id" = Uuid, Path)),
    request_body = NoteOnIncident,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 201, body = IncidentView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(super) async fn note(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    Json(ask): Json<NoteOnIncident>,
) -> ApiResult<(StatusCode, Answer<IncidentView>)> {
    let id: Uuid = id.parse().map_err(|_| work::unknown())?;
    let words = work::checked("text", &ask.text)?;
    let by = worker.id;
    let view = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            work::find(change, id, by).await?;
            work::write_down(change, id, "noted", by, None, Some(&words)).await?;
            let view = IncidentView::read(change, id).await?;
            change.commit(events::noted(id, &words), view)
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(view)))
}
