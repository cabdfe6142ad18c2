//! `POST /api/admin/security/policies/{id}/backtest`: what a proposed policy would have made of the past.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use stockade_domain::risk::Policy;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::unknown;
use crate::{
    app::App,
    features::risk::{
        backtest::{Backtested, backtest as run},
        store,
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
    security::roles::Administrator,
};

/// How far back.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::risk) struct BacktestAsk {
    /// Events since then; without it all.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

#[utoipa::path(
    post, path = "/api/admin/security/policies/{id}/backtest", tag = "operations desk",
    params(("id" = Uuid, Path)), request_body = BacktestAsk,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = Backtested), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(in crate::features::risk) async fn backtest(
    _admin: Administrator,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Json(ask): Json<BacktestAsk>,
) -> ApiResult<Answer<Backtested>> {
    let text: DbResult<_> = app
        .read(async move |reader| {
            let Some(proposal) = store::proposals::find(reader, id).await? else {
                return Ok(None);
            };
            store::policy_text(reader, &proposal.hash).await
        })
        .await;
    let text = text?.ok_or_else(unknown)?;
    let policy = Policy::read(&text).map_err(|error| ApiError::Fault(error.to_string()))?;
    Ok(Answer(run(&app, policy, ask.since, |_| {}).await?))
}
