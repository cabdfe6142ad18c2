//! `GET` and `PUT /portfolio/lot-method`: which shares a sale takes. It counts from the next sale on; what was sold
//! before stays as it was.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use stockade_domain::lots::LotMethod;
use stockade_platform::db::{DbError, Reader};
use utoipa::ToSchema;

use super::{events, store};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::ledger,
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json as Body,
    },
};

/// How sales take shares.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotMethodView {
    /// `fifo`: oldest first; `lifo`: newest first; `hifo`: dearest first; `average`: all cost the same.
    #[schema(value_type = String, example = "fifo")]
    method: LotMethod,
}

/// The method to use from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChooseLotMethod {
    /// `fifo`, `lifo`, `hifo` or `average`
    method: String,
}

/// Which shares a sale takes.
#[utoipa::path(get, path = "/api/v1/portfolio/lot-method", tag = "portfolio", responses((status = 200, body = LotMethodView)))]
pub(super) async fn show(user: SignedIn, State(app): State<App>) -> ApiResult<Json<LotMethodView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let chosen: Option<LotMethod> = app
        .read(async move |reader: &mut Reader| Ok::<_, DbError>(store::method(reader, account.id).await?))
        .await?;
    Ok(Json(LotMethodView {
        method: chosen.unwrap_or_default(),
    }))
}

/// Chooses which shares sales take from now on.
#[utoipa::path(
    put, path = "/api/v1/portfolio/lot-method", tag = "portfolio", request_body = ChooseLotMethod,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = LotMethodView), (status = 422, body = Problem))
)]
pub(super) async fn choose(
    user: SignedIn,
    State(app): State<App>,
    Body(ask): Body<ChooseLotMethod>,
) -> ApiResult<Json<LotMethodView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let method: LotMethod = ask.method.parse().map_err(|why| ApiError::refusal(&why))?;
    app.change(&user, async move |change: &mut Change<'_>| {
        let now = change.now();
        store::set_method(change, account.id, method, now)?;
        change.commit(events::lot_method_chosen(method), ())
    })
    .await?;
    Ok(Json(LotMethodView { method }))
}
