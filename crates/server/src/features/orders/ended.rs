//! Orders that end because what they are for is no more: a security that splits.

use serde_json::json;
use stockade_domain::{
    ids::{AccountId, OrderId},
    symbol::Symbol,
};
use stockade_platform::db::{DbError, DbResult, Queryable, Reader};

use super::{execute, store};
use crate::{
    app::App,
    core::{actor::Actor, change::Change, event::AuditEvent},
    features::{ledger, quarantine},
    http::error::{ApiError, ApiResult, Problem},
};

/// Open orders in a security after one, whoever's they are, in the order they came.
pub async fn open_in(
    on: &mut impl Queryable,
    symbol: Symbol,
    after: OrderId,
    most: i64,
) -> DbResult<Vec<(AccountId, OrderId)>> {
    store::open_in(on, symbol, after, most).await
}

/// Cancels an order, which gives back what it holds; nothing if it has ended meanwhile.
pub async fn end(app: &App, account: AccountId, id: OrderId) -> ApiResult<()> {
    let owner = app
        .read(async move |reader: &mut Reader| ledger::owner_of(reader, account).await)
        .await?
        .ok_or(DbError::NoRow)?;
    let this = app.clone();
    let answer = app
        .change(
            Actor::program("corporate actions"),
            async move |change: &mut Change<'_>| {
                quarantine::take_back(&this, change, owner, id.as_uuid()).await?;
                let mut order = store::lock(change, account, id).await?.ok_or(DbError::NoRow)?;
                if order.status.is_closed() {
                    return Err(Problem::conflict(ENDED, "the order has ended meanwhile").into());
                }
                order.cancel(change.now())?;
                execute::release(change, &order).await?;
                store::update(change, &order)?;
                let details = json!({ "order": id, "status": order.status, "because": "corporate_action" });
                change.commit(AuditEvent::done("order.canceled").about(owner).with(details), ())
            },
        )
        .await;
    match answer {
        Err(ApiError::Refused(problem)) if problem.code == ENDED => Ok(()),
        other => other,
    }
}

const ENDED: &str = "order.ended_meanwhile";
