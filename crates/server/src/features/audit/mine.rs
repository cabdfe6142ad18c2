//! `GET /audit/mine` and `/audit/mine/{id}/proof`: what is on record about oneself, and the proof of it.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use stockade_platform::db::{DbResult, Reader};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    app::App,
    core::{
        actor::SignedIn,
        audit::{
            entries::{self, Entry, EntryView},
            proof::{self, EntryProof},
        },
    },
    http::{
        error::{ApiResult, Problem},
        page::Page,
        query::Query,
    },
};

/// Entries in a page at most.
const MOST: usize = 100;

/// Entries in a page when the request does not say.
const USUAL: usize = 50;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9]{1,19}$")]
    cursor: Option<u64>,
    /// Entries at most, up to 100; 50 if absent.
    limit: Option<usize>,
}

/// Entries about oneself, newest first, as soon as they are numbered.
#[utoipa::path(get, path = "/api/v1/audit/mine", tag = "audit", params(Ask), responses((status = 200, body = Page<EntryView>)))]
pub(super) async fn list(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<Page<EntryView>>> {
    let size = ask.limit.unwrap_or(USUAL).clamp(1, MOST);
    let (core, subject) = (app.core.clone(), user.id.as_uuid());
    let found = app
        .read(async move |reader: &mut Reader| {
            entries::about(reader, &core.keys, subject, ask.cursor, size as i64 + 1).await
        })
        .await?;
    let next_cursor = found
        .get(size - 1)
        .filter(|_| found.len() > size)
        .map(|last| last.seq.to_string());
    let view = |entry: &Entry| Ok(entry.view()?.for_subject(subject));
    let items: DbResult<Vec<EntryView>> = found.iter().take(size).map(view).collect();
    Ok(Json(Page {
        items: items?,
        next_cursor,
    }))
}

/// A proof, valid offline, that an entry about oneself is in the log.
#[utoipa::path(
    get, path = "/api/v1/audit/mine/{id}/proof", tag = "audit", params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = EntryProof),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`audit.not_yet_numbered`: ask again after `Retry-After` seconds"),
    ),
)]
pub(super) async fn prove(
    user: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<EntryProof>> {
    // What is no id names no entry.
    let id = id.parse().unwrap_or(Uuid::nil());
    let proof = proof::prove(&app.core, &app.log_key, user.id.as_uuid(), id).await?;
    Ok(Json(proof))
}
