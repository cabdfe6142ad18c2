//! `GET /api/admin/security/lists`: what is in force, newest first.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    features::risk::store::{self, lists::Line},
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// A line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::features::risk) struct LineView {
    id: Uuid,
    /// `block`, `watch` or `allow`.
    #[schema(example = "block")]
    list: String,
    /// `address`, `network`, `country`, `device` or `payee`.
    #[schema(example = "address")]
    what: String,
    value: String,
    reason: String,
    added_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl LineView {
    pub(super) fn of(line: Line) -> Self {
        Self {
            id: line.id,
            list: line.list,
            what: line.what,
            value: line.value,
            reason: line.reason,
            added_by: line.added_by,
            added_at: line.added_at,
            expires_at: line.expires_at,
        }
    }
}

#[utoipa::path(
    get, path = "/api/admin/security/lists", tag = "operations desk", params(PageAsk),
    responses((status = 200, body = Page<LineView>), (status = 403, body = Problem))
)]
pub(in crate::features::risk) async fn show(
    State(app): State<App>,
    _reader: AuditReader,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Answer<Page<LineView>>> {
    let (now, before, rows) = (app.clock.now(), ask.cursor, ask.rows());
    let found: DbResult<_> = app
        .read(async move |reader| store::lists::page(reader, now, before, rows).await)
        .await;
    let lines: Vec<_> = found?.into_iter().map(LineView::of).collect();
    Ok(Answer(ask.page(lines, |line| line.id)))
}
