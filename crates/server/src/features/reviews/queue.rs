//! `GET /api/admin/security/transactions`: the review queue, and everything else that looked risky.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Deserialize;
use stockade_domain::{ids::UserId, risk::Operation};
use stockade_platform::db::DbResult;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    app::App,
    features::quarantine::{self, HeldState, NotableView, Only},
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// Which transactions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueAsk {
    /// `open` for those that wait; `approved`, `rejected`, `canceled` or `expired`. Absent: all that were high risk, held or
    /// not.
    state: Option<HeldState>,
    /// The least score, from 0 to 1.
    min_score: Option<f64>,
    /// Of this person.
    user: Option<Uuid>,
    /// `order`, `withdrawal` or `payee`
    #[param(value_type = Option<String>)]
    operation: Option<Operation>,
    /// Asked for at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Asked for before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    limit: Option<u32>,
}

/// Transactions that were high risk or held, newest first.
#[utoipa::path(
    get, path = "/api/admin/security/transactions", tag = "operations desk", params(QueueAsk),
    responses((status = 200, body = Page<NotableView>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(app): State<App>,
    _reader: AuditReader,
    Query(ask): Query<QueueAsk>,
) -> ApiResult<Json<Page<NotableView>>> {
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let only = Only {
        state: ask.state,
        score: ask.min_score.map(|score| (score * 1_000.0).round() as i64),
        owner: ask.user.map(UserId::from_uuid),
        operation: ask.operation,
        from: ask.from,
        to: ask.to,
        before: ask.cursor,
    };
    let rows = page.rows();
    let found: DbResult<_> = app
        .read(async move |reader| quarantine::list(reader, &only, rows).await)
        .await;
    let views = found?.iter().map(NotableView::from).collect();
    Ok(Json(page.page(views, NotableView::id)))
}
