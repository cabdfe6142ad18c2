//! `POST /api/admin/security/incidents/{id}/assign`: somebody looks into it from now on.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use serde::Deserialize;
use stockade_domain::ids::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{events, list::IncidentView, store, work};
use crate::{
    app::App,
    core::change::Change,
    features::auth,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::{access::Permission, roles::CaseWorker},
};

/// Who.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignIncident {
    /// An analyst or administrator; whoever asks, if absent.
    assignee: Option<Uuid>,
}

#[utoipa::path(
    post, path = "/api/admin/security/incidents/{id}/assign", tag = "operations desk", params(("id" = Uuid, Path)),
    request_body = AssignIncident,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 200, body = IncidentView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem),
    )
)]
pub(super) async fn assign(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    Json(ask): Json<AssignIncident>,
) -> ApiResult<Answer<IncidentView>> {
    let id: Uuid = id.parse().map_err(|_| work::unknown())?;
    let (by, assignee) = (worker.id, ask.assignee.map_or(worker.id, UserId::from_uuid));
    let view = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            let incident = work::find(change, id, by).await?;
            let may = auth::staff(change).await?.into_iter().any(|member| {
                member.id == assignee && Permission::WorkCases.row().roles.contains(&member.role)
            });
            if !may {
                return Err(nobody().into());
            }
            if incident.subject == Some(assignee.as_uuid()) {
                return Err(
                    Problem::forbidden("case.own", "it is about that person; choose somebody else").into(),
                );
            }
            if !store::assign(change, id, assignee).await? {
                return Err(work::resolved().into());
            }
            work::write_down(change, id, "assigned", by, Some(assignee), None).await?;
            let view = IncidentView::read(change, id).await?;
            change.commit(events::assigned(id, assignee), view)
        })
        .await?;
    Ok(Answer(view))
}

fn nobody() -> Problem {
    let detail = "incidents are given to analysts and administrators";
    Problem::unprocessable("incident.assignee_invalid", detail).field("assignee", detail)
}
