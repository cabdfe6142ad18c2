//! `GET /api/admin/security/incidents`: incidents, newest first, and how many wait.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::db::{DbError, DbResult, Queryable, Reader};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    rules::Rule,
    severity::{Outcome, Severity, Status},
    store::{self, Filter, Incident},
};
use crate::{
    app::App,
    features::auth::{self, PersonView},
    http::{
        error::{ApiResult, Problem},
        query::Query,
    },
};

/// Incidents in a page at most, and when the request does not say.
const MOST: usize = 200;
const USUAL: usize = 50;

/// Which incidents.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    status: Option<Status>,
    severity: Option<Severity>,
    /// The rule that opened it, such as `password_spray`.
    rule: Option<String>,
    /// Who looks into it.
    assignee: Option<Uuid>,
    /// Somebody whom it concerns.
    user: Option<Uuid>,
    /// Opened at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Opened before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Only what is not resolved.
    unresolved: Option<bool>,
    /// Only what is not resolved although it was due.
    overdue: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Incidents at most, up to 200; 50 if absent.
    limit: Option<usize>,
}

/// A page of incidents.
#[derive(Serialize, ToSchema)]
pub(super) struct IncidentList {
    items: Vec<IncidentView>,
    /// Ask with this as `cursor` for those that follow; null when there are none.
    next_cursor: Option<String>,
    /// What is not resolved, whatever the filters, the worst first.
    unresolved: Vec<UnresolvedView>,
}

/// What is not resolved of one severity.
#[derive(Serialize, ToSchema)]
struct UnresolvedView {
    severity: Severity,
    incidents: i64,
    /// Of these, those that nobody looks into.
    open: i64,
    /// Of these, those that are overdue.
    overdue: i64,
}

/// An incident.
#[derive(Serialize, ToSchema)]
pub(super) struct IncidentView {
    pub(super) id: Uuid,
    /// The rule that opened it.
    #[schema(example = "password_spray")]
    rule: String,
    /// The same for people.
    title: &'static str,
    severity: Severity,
    status: Status,
    /// Whom it is about, if it is one person.
    subject: Option<PersonView>,
    /// The network it came from first.
    #[schema(example = "203.0.113.0/24")]
    network: Option<String>,
    /// Who looks into it.
    assignee: Option<PersonView>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_event_at: Timestamp,
    /// Events that belong to it.
    events: i64,
    /// People whom they concern.
    people: i64,
    /// By when it should be resolved.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// Whether it was not resolved by then.
    overdue: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
    resolved_by: Option<PersonView>,
    outcome: Option<Outcome>,
}

#[utoipa::path(
    get, path = "/api/admin/security/incidents", tag = "operations desk", params(Ask),
    responses((status = 200, body = IncidentList), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn list(State(app): State<App>, Query(ask): Query<Ask>) -> ApiResult<Json<IncidentList>> {
    let now = app.clock.now();
    let size = ask.limit.unwrap_or(USUAL).clamp(1, MOST);
    let filter = Filter {
        status: ask.status,
        severity: ask.severity,
        rule: ask.rule,
        assignee: ask.assignee,
        user: ask.user,
        from: ask.from,
        to: ask.to,
        unresolved: ask.unresolved == Some(true),
        overdue_at: (ask.overdue == Some(true)).then_some(now),
        before: ask.cursor,
    };
    let page: DbResult<IncidentList> = app
        .read(async move |reader: &mut Reader| {
            let mut found = store::list(reader, &filter, size as i64 + 1).await?;
            let more = found.len() > size;
            found.truncate(size);
            let mut items = Vec::with_capacity(found.len());
            for incident in found {
                items.push(IncidentView::of(reader, incident, now).await?);
            }
            let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
            let unresolved = store::unresolved(reader, now).await?.into_iter().rev();
            Ok(IncidentList {
                items,
                next_cursor,
                unresolved: unresolved.map(unresolved_view).collect(),
            })
        })
        .await;
    Ok(Json(page?))
}

fn unresolved_view((severity, (incidents, open, overdue)): (Severity, (i64, i64, i64))) -> UnresolvedView {
    UnresolvedView {
        severity,
        incidents,
        open,
        overdue,
    }
}

impl IncidentView {
    /// With the people's addresses, which staff know them by.
    pub(super) async fn of(on: &mut impl Queryable, incident: Incident, now: Timestamp) -> DbResult<Self> {
        let overdue = incident.resolved_at.unwrap_or(now) > incident.due_at;
        Ok(Self {
            id: incident.id,
            title: Rule::title(&incident.rule),
            rule: incident.rule,
            severity: incident.severity,
            status: incident.status,
            subject: auth::person(on, incident.subject).await?,
            network: incident.network,
            assignee: auth::person(on, incident.assignee).await?,
            opened_at: incident.opened_at,
            last_event_at: incident.last_event_at,
            events: incident.events,
            people: incident.people,
            due_at: incident.due_at,
            overdue,
            resolved_at: incident.resolved_at,
            resolved_by: auth::person(on, incident.resolved_by).await?,
            outcome: incident.outcome,
        })
    }

    /// As it stands inside a unit of work.
    pub(super) async fn read(change: &mut crate::core::change::Change<'_>, id: Uuid) -> DbResult<Self> {
        let now = change.now();
        let incident = store::one(change, id).await?.ok_or(DbError::NoRow)?;
        Self::of(change, incident, now).await
    }
}
