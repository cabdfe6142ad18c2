//! `GET /api/admin/security/audit-logs` and `/audit-logs/{id}/proof`: staff search everybody's entries and prove any of
//! them, and that is put on record.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::events;
use crate::{
    app::App,
    core::{
        audit::{
            entries::EntryView,
            proof::{self, EntryProof},
            search::{self, Filter},
        },
        change::Change,
    },
    http::{
        error::{ApiResult, Problem},
        page::Page,
        query::Query,
    },
    security::roles::AuditReader,
};

/// Entries in a page at most.
const MOST: usize = 100;

/// Entries in a page when the request does not say.
const USUAL: usize = 50;

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// Put on record at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Put on record before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// What happened, such as `order.filled`, or a family such as `order.*`.
    kind: Option<String>,
    /// Whom it concerns.
    user: Option<Uuid>,
    /// The request it was done in.
    request_id: Option<Uuid>,
    /// `next_cursor` of the answer before, with the same filters.
    cursor: Option<String>,
    /// Entries at most, up to 100; 50 if absent.
    limit: Option<usize>,
}

/// Entries, newest first. One answer looks at 10,000 entries at most: it may hold few or none and still have a
/// `next_cursor`, from which the search goes on; it is over when `next_cursor` is null.
#[utoipa::path(
    get, path = "/api/admin/security/audit-logs", tag = "security operations", params(Ask),
    responses((status = 200, body = Page<EntryView>), (status = 403, body = Problem)),
)]
pub(super) async fn list(
    reader: AuditReader,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<Page<EntryView>>> {
    let start = ask.start()?;
    let most = ask.limit.unwrap_or(USUAL).clamp(1, MOST);
    let filter = Filter {
        from: ask.from,
        to: ask.to,
        kind: ask.kind,
        subject: ask.user,
        request: ask.request_id,
    };
    let (items, next) = search::search(&app.core, &filter, start, most).await?;
    let event = events::read(&filter, items.len());
    app.change(&*reader, async move |change: &mut Change<'_>| {
        change.commit(event.clone(), ())
    })
    .await?;
    Ok(Json(Page {
        items,
        next_cursor: next.map(|seq| seq.to_string()),
    }))
}

/// A proof, valid offline, that an entry is in the log.
#[utoipa::path(
    get, path = "/api/admin/security/audit-logs/{id}/proof", tag = "security operations", params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = EntryProof), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`audit.not_yet_numbered`: ask again after `Retry-After` seconds"),
    ),
)]
pub(super) async fn prove(
    reader: AuditReader,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<EntryProof>> {
    // What is no id names no entry.
    let id = id.parse().unwrap_or(Uuid::nil());
    let proof = proof::prove_to_staff(&app.core, &app.log_key, id).await?;
    app.change(&*reader, async move |change: &mut Change<'_>| {
        change.commit(events::proved(id), ())
    })
    .await?;
    Ok(Json(proof))
}

impl Ask {
    /// A cursor is the number of an entry.
    fn start(&self) -> ApiResult<Option<u64>> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let unknown = || {
            Problem::unprocessable(
                "page.unknown_cursor",
                "this cursor is not from an answer with the same filters",
            )
            .field("cursor", "is not a cursor of this search")
        };
        text.parse().map(Some).map_err(|_| unknown().into())
    }
}
