//! `DELETE /orders/{id}`: an order is taken back, and gives back what it still holds.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    events, execute,
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

/// Takes an open order back; what it holds is released. Signed.
#[utoipa::path(
    delete, path = "/api/v1/orders/{id}", tag = "orders",
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 200, body = OrderView), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask: () }: Signed<()>,
) -> ApiResult<Json<OrderView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let id = in_path(&id)?;
    let (owner, this) = (user.id, app.clone());
    let view = app
        .change(&user, async move |change| {
            if let Claim::Done(_) = change.claim() {
                let view = store::view(change, account.id, id).await?;
                let view = noted(change, owner, view).await?;
                return change.commit(AuditEvent::replayed(id.as_uuid()), view);
            }
            quarantine::take_back(&this, change, owner, id.as_uuid()).await?;
            let mut order = store::lock(change, account.id, id).await?.ok_or_else(unknown)?;
            order.cancel(change.now())?;
            execute::release(change, &order).await?;
            store::update(change, &order)?;
            let view = store::view(change, account.id, id).await?;
            let view = noted(change, owner, view).await?;
            change.commit(events::moved(&order, None), view)
        })
        .await?;
    Ok(Json(view))
}
