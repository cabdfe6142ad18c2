//! Cash in and out: deposits, withdrawals, and the payees these go to. The bank side is simulated and exists only in
//! development: outside it no bank is connected, so both are refused.
//!
//! Invariants: a withdrawal's cash is held in the ledger from the moment it is asked for and is paid out or released
//! exactly once; for a day after a change of credentials nothing goes to the bank; what a payee's account is called and
//! numbered lies sealed under its owner's key.
//!
//! Tables: `transfers`, `payees`.

mod add_payee;
mod bank;
mod deposit;
mod events;
mod hold;
mod payee;
mod payees;
mod review;
mod show;
mod store;
mod transfer;
mod withdraw;
mod withdrawal;

pub use self::{bank::answer_transfers, payee::PayeeView, review::Reviewed, transfer::TransferView};

use stockade_domain::ids::{AccountId, TransferId, UserId};
use stockade_platform::db::{DbResult, Queryable, Writable};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/cash…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(deposit::deposit).may(Permission::MoveCash))
        .routes(routes!(withdraw::withdraw).may(Permission::MoveCash))
        .routes(routes!(withdrawal::show).may(Permission::ReadAccount))
        .routes(routes!(withdrawal::cancel).may(Permission::MoveCash))
        .routes(routes!(withdrawal::confirm).may(Permission::MoveCash))
        .routes(routes!(payees::list).may(Permission::ReadAccount))
        .routes(routes!(add_payee::add).may(Permission::MoveCash))
        .routes(routes!(payees::remove).may(Permission::MoveCash))
        .routes(routes!(show::balances).may(Permission::ReadAccount))
        .routes(routes!(show::transactions).may(Permission::ReadAccount))
}

/// Deposits and withdrawals of an account, newest first, before the given one.
pub async fn transfers(
    on: &mut impl Queryable,
    owner: UserId,
    account: AccountId,
    before: Option<Uuid>,
    most: i64,
) -> DbResult<Vec<TransferView>> {
    let only = store::transfers::Only {
        before: before.map(TransferId::from_uuid),
        ..Default::default()
    };
    let found = store::transfers::list(on, account, &only, most).await?;
    transfer::views(on, owner, found).await
}

/// One transfer of an account, for staff.
pub async fn transfer(
    on: &mut impl Queryable,
    owner: UserId,
    account: AccountId,
    id: TransferId,
) -> DbResult<Option<TransferView>> {
    match store::transfers::one(on, account, id).await? {
        Some(found) => transfer::view(on, owner, found).await.map(Some),
        None => Ok(None),
    }
}

/// All of somebody's payees in clear, for the export of their data.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn own_payees(app: &App, on: &mut impl Queryable, owner: UserId) -> ApiResult<Vec<PayeeView>> {
    payees::of_owner(app, on, owner, true, |stored, details| {
        Ok(PayeeView::in_clear(stored, details))
    })
    .await
}

/// Removes what is known of a person's payees. Their transfers stay in the books.
pub fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    store::payees::delete_all(on, owner)
}
