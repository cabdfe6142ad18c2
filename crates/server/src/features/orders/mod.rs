//! Orders: placed, held for review, filled by the paper venue, replaced, canceled, expired.
//!
//! Invariants: an open order's hold is in the ledger, and is posted or released exactly once; fill, lot, cash, shares
//! and the record commit together; every move is a legal one of [`stockade_domain::orders::OrderStatus`].
//!
//! Tables: `orders`, `fills`.

mod assess;
mod cancel;
mod confirm;
mod ended;
mod enter;
mod events;
mod execute;
mod place;
mod preview;
mod replace;
mod resting;
mod review;
mod serve;
mod show;
mod store;
mod stored;
mod turns;
mod view;

pub use ended::{end, open_in};
pub use resting::match_resting;
pub use review::{Reviewed, hold_for_review};
pub use turns::Matching;
pub use view::OrderView;

use stockade_domain::ids::{AccountId, OrderId, UserId};
use stockade_platform::db::{DbResult, Queryable};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/orders…`, `/portfolio/buy`, `/portfolio/sell`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(place::place).may(Permission::Trade))
        .routes(routes!(place::buy).may(Permission::Trade))
        .routes(routes!(place::sell).may(Permission::Trade))
        .routes(routes!(preview::preview).may(Permission::ReadAccount))
        .routes(routes!(show::list).may(Permission::ReadAccount))
        .routes(routes!(show::show).may(Permission::ReadAccount))
        .routes(routes!(replace::replace).may(Permission::Trade))
        .routes(routes!(cancel::cancel).may(Permission::Trade))
        .routes(routes!(confirm::confirm).may(Permission::Trade))
}

/// Orders of an account with their fills, newest first, before the given one.
pub async fn of_account(
    on: &mut impl Queryable,
    owner: UserId,
    account: AccountId,
    before: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<OrderView>> {
    let views = store::list(on, account, &store::Only::default(), before, most).await?;
    view::all_noted(on, owner, views).await
}

/// One order of an account with its fills and what was noted of it.
pub async fn one(
    on: &mut impl Queryable,
    owner: UserId,
    account: AccountId,
    id: OrderId,
) -> DbResult<Option<OrderView>> {
    match store::find(on, account, id).await? {
        Some(view) => view::noted(on, owner, view).await.map(Some),
        None => Ok(None),
    }
}
