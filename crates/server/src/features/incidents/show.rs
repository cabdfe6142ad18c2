//! `GET /api/admin/security/incidents/{id}`: one incident with its timeline. What its events say is read from the log, so
//! that reading is on record, and of somebody who was erased nothing is left to read.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use stockade_platform::db::Reader;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events,
    list::IncidentView,
    store,
    timeline::{MomentView, read},
    work,
};
use crate::{
    app::App,
    core::change::Change,
    features::auth::{self, PersonView},
    http::{
        error::{ApiError, ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// People shown at most; the incident says how many there are.
const PEOPLE: i64 = 50;

/// An incident and what happened.
#[derive(Serialize, ToSchema)]
pub(super) struct IncidentCase {
    #[serde(flatten)]
    incident: IncidentView,
    /// Some of the people whom it concerns, 50 at most.
    concerned: Vec<PersonView>,
    /// What happened, oldest first; a page of it.
    timeline: Page<MomentView>,
}

#[utoipa::path(
    get, path = "/api/admin/security/incidents/{id}", tag = "operations desk", params(("id" = Uuid, Path), PageAsk),
    responses((status = 200, body = IncidentCase), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(super) async fn show(
    reader: AuditReader,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Json<IncidentCase>> {
    let id: Uuid = id.parse().map_err(|_| work::unknown())?;
    let (now, core) = (app.clock.now(), app.core.clone());
    let (case, subject) = app
        .read(async move |reader: &mut Reader| {
            let incident = store::one(reader, id).await?.ok_or_else(work::unknown)?;
            let subject = incident.subject;
            let mut concerned = Vec::new();
            for person in store::people(reader, id, PEOPLE).await? {
                concerned.extend(auth::person(reader, Some(person)).await?);
            }
            let after = ask.cursor.unwrap_or(Uuid::nil());
            let moments = store::timeline(reader, id, after, ask.rows()).await?;
            let moments = read(reader, &core.keys, moments).await?;
            let case = IncidentCase {
                incident: IncidentView::of(reader, incident, now).await?,
                concerned,
                timeline: ask.page(moments, |moment| moment.id),
            };
            Ok::<_, ApiError>((case, subject))
        })
        .await?;
    app.change(&*reader, async move |change: &mut Change<'_>| {
        change.commit(events::read(id, subject), ())
    })
    .await?;
    Ok(Json(case))
}
