//! `POST /orders/{id}/confirm`: the owner of an order under review says that it was them. That is evidence for whoever reviews
//! it and lets nothing through by itself.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    show::{in_path, unknown},
    store,
    view::{OrderView, noted},
};
use crate::{
    app::App,
    core::{event::AuditEvent, once::Claim},
    features::{ledger, quarantine},
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// Says that an order that is under review was one's own doing. Signed.
#[utoipa::path(
    post, path = "/api/v1/orders/{id}/confirm", tag = "orders",
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 200, body = OrderView), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask: () }: Signed<()>,
) -> ApiResult<Json<OrderView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let (owner, id) = (user.id, in_path(&id)?);
    let view = app
        .change(&user, async move |change| {
            let answered = match change.claim() {
                Claim::New(_) => quarantine::answer(change, owner, id.as_uuid()).await,
                Claim::Done(_) => Ok(AuditEvent::replayed(id.as_uuid())),
            };
            let view = store::find(change, account.id, id).await?.ok_or_else(unknown)?;
            let event = answered?;
            let view = noted(change, owner, view).await?;
            change.commit(event, view)
        })
        .await?;
    Ok(Json(view))
}
