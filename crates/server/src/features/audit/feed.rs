//! `GET /api/admin/security/events`: the desk's live feed, everybody's entries of the log as they come. That somebody
//! follows is put on record, as reading is.

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::events;
use crate::{
    app::App,
    core::{audit::entries::EntryView, change::Change},
    features::{
        security_log::{Severity, meaning_of},
        webhooks::{is_filter, takes},
    },
    http::{
        error::{ApiResult, Problem},
        query::Query,
        stream::{Listener, Tell, Told, Whose},
    },
};

/// Filters at most.
const MOST_KINDS: usize = 50;

/// Which entries, and from where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// Kinds such as `sign_in.failed` or families such as `incident.*`, with commas between them; all if absent.
    kinds: Option<String>,
    /// Only entries that matter as much or more: `informational`, `low`, `medium`, `high` or `critical`.
    #[param(inline)]
    severity: Option<Severity>,
    /// The number of the entry seen last, for clients that cannot send `Last-Event-ID`, which counts before it.
    after: Option<u64>,
}

/// An entry, and how much it matters.
#[derive(Serialize)]
struct Shown<'a> {
    severity: Severity,
    #[serde(flatten)]
    entry: &'a EntryView,
}

/// Entries of the log as they come: server-sent events named `entry`, each with its number as id. Whoever comes back with
/// `Last-Event-ID` misses nothing. The end of the session is told by an event `end`.
#[utoipa::path(
    get, path = "/api/admin/security/events", tag = "security operations",
    params(Ask, ("Last-Event-ID" = Option<u64>, Header, description = "The number of the entry seen last.")),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
    ),
)]
pub(super) async fn follow(
    listener: Listener,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Response> {
    let kinds = filters(ask.kinds.as_deref())?;
    let least = ask.severity.unwrap_or(Severity::Informational);
    let event = events::followed(ask.after, &kinds);
    let tell: Tell = Box::new(move |entry| {
        let severity = meaning_of(&entry.kind).severity;
        if severity < least || !(kinds.is_empty() || takes(&kinds, &entry.kind)) {
            return Ok(None);
        }
        let shown = Shown {
            severity,
            entry: &entry,
        };
        Told::new("entry", &shown).map(Some)
    });
    let user = listener.user.clone();
    let response = listener.follow(&app, ask.after, Whose::Everybodys, tell).await?;
    app.change(&user, async move |change: &mut Change<'_>| {
        change.commit(event.clone(), ())
    })
    .await?;
    Ok(response)
}

fn filters(text: Option<&str>) -> ApiResult<Vec<String>> {
    let kinds: Vec<String> = text
        .into_iter()
        .flat_map(|text| text.split(','))
        .map(|kind| kind.trim().to_owned())
        .collect();
    if kinds.len() > MOST_KINDS || !kinds.iter().all(|kind| is_filter(kind)) {
        let detail = "name up to 50 kinds, such as sign_in.failed or incident.*, with commas between them";
        return Err(Problem::unprocessable("stream.kinds_invalid", detail)
            .field("kinds", detail)
            .into());
    }
    Ok(kinds)
}
