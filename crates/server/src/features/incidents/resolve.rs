//! `POST /api/admin/security/incidents/{id}/resolve`: what it was. Every event linked to the incident gets the label that
//! follows from it.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{events, list::IncidentView, severity::Outcome, store, work};
use crate::{
    app::App,
    core::change::Change,
    features::labels::{self, Label, Verdict},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::CaseWorker,
};

/// Lines of a timeline read for labels; more are never linked.
const MOST: i64 = 10_000;

/// What it was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResolveIncident {
    outcome: Outcome,
    /// Why, in up to 4,000 characters.
    note: Option<String>,
}

#[utoipa::path(
    post, path = "/api/admin/security/incidents/{id}/resolve", tag = "operations desk", params(("id" = Uuid, Path)),
    request_body = ResolveIncident,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 200, body = IncidentView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem),
    )
)]
pub(super) async fn resolve(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    Json(ask): Json<ResolveIncident>,
) -> ApiResult<Answer<IncidentView>> {
    let id: Uuid = id.parse().map_err(|_| work::unknown())?;
    let words = ask
        .note
        .as_deref()
        .map(|words| work::checked("note", words))
        .transpose()?;
    let (by, outcome) = (worker.id, ask.outcome);
    let view = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            work::find(change, id, by).await?;
            let now = change.now();
            if !store::resolve(change, id, outcome, by, now).await? {
                return Err(work::resolved().into());
            }
            let words = words.as_deref();
            work::write_down(change, id, outcome.as_str(), by, None, words).await?;
            let labels = labels_of(change, id).await?;
            labels::write(change, &labels, verdict(outcome), id, by, now).await?;
            let view = IncidentView::read(change, id).await?;
            change.commit(events::resolved(id, outcome, labels.len(), words), view)
        })
        .await?;
    Ok(Answer(view))
}

async fn labels_of(change: &mut Change<'_>, incident: Uuid) -> ApiResult<Vec<Label>> {
    let moments = store::timeline(change, incident, Uuid::nil(), MOST).await?;
    let labels = moments.into_iter().filter_map(|moment| {
        Some(Label {
            event: moment.id,
            user: moment.user,
            decision: moment.decision,
            kind: moment.kind?,
            at: moment.at,
        })
    });
    Ok(labels.collect())
}

fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Confirmed => Verdict::Fraud,
        Outcome::FalsePositive => Verdict::Legitimate,
    }
}
