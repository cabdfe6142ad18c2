//! `GET /cash/payees` and `DELETE /cash/payees/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use stockade_domain::ids::UserId;
use stockade_platform::db::Queryable;
use utoipa::{IntoParams, ToSchema};

use super::{
    events,
    payee::{Details, PayeeView, read_id, unknown},
    store::payees::{self, StoredPayee},
};
use crate::{
    app::App,
    core::{actor::SignedIn, event::AuditEvent, once::Claim, sealed},
    http::{
        error::{ApiResult, Problem},
        query::Query,
    },
    security::signature::Signed,
};

/// Which payees.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PayeesAsk {
    /// Those that were removed, too, which earlier withdrawals name.
    removed: Option<bool>,
}

/// One's payees.
#[derive(Serialize, ToSchema)]
pub(super) struct PayeesView {
    items: Vec<PayeeView>,
}

/// One's payees, oldest first, their numbers masked.
#[utoipa::path(
    get, path = "/api/v1/cash/payees", tag = "cash", params(PayeesAsk), responses((status = 200, body = PayeesView))
)]
pub(super) async fn list(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<PayeesAsk>,
) -> ApiResult<Json<PayeesView>> {
    let (owner, with_removed, this) = (user.id, ask.removed.unwrap_or(false), app.clone());
    let items = app
        .core
        .read_as(&user, async move |reader| {
            let open = |stored: &StoredPayee, details| PayeeView::masked(stored, details);
            of_owner(&this, reader, owner, with_removed, open).await
        })
        .await?;
    Ok(Json(PayeesView { items }))
}

/// Removes a payee. Signed. Withdrawals that are under way go on; cancel them if they should not.
#[utoipa::path(
    delete, path = "/api/v1/cash/payees/{id}", tag = "cash",
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 200, body = PayeeView), (status = 404, body = Problem))
)]
pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask: () }: Signed<()>,
) -> ApiResult<Json<PayeeView>> {
    let (owner, this) = (user.id, app.clone());
    let id = read_id(&id).ok_or_else(unknown)?;
    let view = app
        .change(&user, async move |change| {
            let mut payee = payees::lock(change, owner, id).await?.ok_or_else(unknown)?;
            let key = sealed::key_of(&this.core.keys, change, owner).await?;
            let details = Details::open(&key, owner, &payee)?;
            if let Claim::Done(_) = change.claim() {
                return change.commit(
                    AuditEvent::replayed(id.as_uuid()),
                    PayeeView::masked(&payee, details)?,
                );
            }
            if payee.removed_at.is_some() {
                return Err(unknown().into());
            }
            let now = change.now();
            payee.removed_at = Some(now);
            payees::remove(change, owner, id, now)?;
            let event = events::payee_removed(&payee, &details)?;
            change.commit(event, PayeeView::masked(&payee, details)?)
        })
        .await?;
    Ok(Json(view))
}

/// Somebody's payees, opened.
pub(super) async fn of_owner(
    app: &App,
    on: &mut impl Queryable,
    owner: UserId,
    with_removed: bool,
    show: impl Fn(&StoredPayee, Details) -> ApiResult<PayeeView>,
) -> ApiResult<Vec<PayeeView>> {
    let stored = payees::of_owner(on, owner, with_removed).await?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let key = sealed::key_of(&app.core.keys, on, owner).await?;
    let view = |stored: &StoredPayee| show(stored, Details::open(&key, owner, stored)?);
    stored.iter().map(view).collect()
}
