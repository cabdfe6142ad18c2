//! Cash in and out. Deposits come from a simulated bank side, which exists only in development: outside it no bank is
//! connected, so a deposit is refused.
//!
//! Table: `transfers`.

mod deposit;
mod events;
mod show;
mod store;

pub use show::TransferView;

use stockade_domain::ids::AccountId;
use stockade_platform::db::{DbResult, Queryable};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/cash…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(deposit::deposit).may(Permission::MoveCash))
        .routes(routes!(show::balances).may(Permission::ReadAccount))
        .routes(routes!(show::transactions).may(Permission::ReadAccount))
}

/// Deposits and withdrawals of an account, newest first, before the given one.
pub async fn transfers(
    on: &mut impl Queryable,
    account: AccountId,
    before: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<TransferView>> {
    let found = store::list(on, account, before, most).await?;
    Ok(found.into_iter().map(TransferView::from).collect())
}
