//! `PATCH /orders/{id}`: another order takes an open order's place. The new one has an id of its own and says which it
//! `replaces`; the old one ends as `replaced` and says what it was `replaced_by`. What was filled stays with the old.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use stockade_domain::{
    decimal::DecimalText,
    ids::OrderId,
    orders::{Order, OrderChange},
};
use utoipa::ToSchema;

use super::{
    assess,
    enter::{admit, enter},
    events, execute,
    review::hold_for_review,
    show::{in_path, unknown},
    store,
    view::{OrderView, noted},
};
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent, once::Claim},
    features::{ledger, risk},
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// What to change of an open order; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplaceOrder {
    /// Shares in all, those included that were filled already: a fill in between never makes you trade more.
    #[schema(value_type = Option<String>, example = "2")]
    qty: Option<DecimalText>,
    /// For `limit` and `stop_limit`.
    #[schema(value_type = Option<String>)]
    limit_price: Option<DecimalText>,
    /// For `stop` and `stop_limit`.
    #[schema(value_type = Option<String>)]
    stop_price: Option<DecimalText>,
    /// `day`, `gtc`, `ioc` or `fok`
    time_in_force: Option<String>,
}

/// Replaces an open order by one with changed terms; answers the new one. Signed.
#[utoipa::path(
    patch, path = "/api/v1/orders/{id}", tag = "orders", request_body = ReplaceOrder,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 200, body = OrderView), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
pub(super) async fn replace(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask }: Signed<ReplaceOrder>,
) -> ApiResult<Json<OrderView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let id = in_path(&id)?;
    let (by, this) = (user.clone(), app.clone());
    let view = app
        .change(&user, async move |change| {
            let new_id = match change.claim() {
                Claim::New(id) => OrderId::from_uuid(id),
                Claim::Done(id) => {
                    let view = store::view(change, account.id, OrderId::from_uuid(id)).await?;
                    let view = noted(change, by.id, view).await?;
                    return change.commit(AuditEvent::replayed(id), view);
                }
            };
            risk::take_turn(change, by.id).await?;
            let mut old = store::lock(change, account.id, id).await?.ok_or_else(unknown)?;
            let terms = old.changed_terms(&ask.change())?;
            // What the old one held is there for the new one.
            end(change, &mut old, new_id).await?;
            let (offer, hold) = admit(&this, change, account.id, &terms).await?;
            let mut new = old.replacement(new_id, terms, hold, change.now())?;
            change.also(events::moved(&old, None));
            let judged =
                assess::judge(&this, change, &by, &new, &offer.quote, &risk::Foreseen::default()).await?;
            let risk = judged.details();
            if judged.is_held() {
                let note = judged.hold(&this, change)?;
                let event = hold_for_review(change, &new, false, Some(&risk)).await?;
                return change.commit(event, OrderView::new(&new, &[]).with(note));
            }
            let fill = enter(&this, change, &mut new, &offer, false).await?;
            let note = judged.pass(change)?;
            let view = OrderView::new(&new, fill.as_slice()).with(note);
            change.commit(events::entered(&new, fill.as_ref(), Some(&risk)), view)
        })
        .await?;
    Ok(Json(view))
}

async fn end(change: &mut Change<'_>, old: &mut Order, new: OrderId) -> ApiResult<()> {
    old.replace_by(new, change.now())?;
    execute::release(change, old).await?;
    Ok(store::update(change, old)?)
}

impl ReplaceOrder {
    fn change(&self) -> OrderChange<'_> {
        OrderChange {
            qty: self.qty.as_ref().map(DecimalText::as_str),
            limit_price: self.limit_price.as_ref().map(DecimalText::as_str),
            stop_price: self.stop_price.as_ref().map(DecimalText::as_str),
            time_in_force: self.time_in_force.as_deref(),
        }
    }
}
