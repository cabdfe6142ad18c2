//! What a customer owns: lots, positions, and their value at present prices.
//!
//! Invariants: a position is the sum of its open lots, kept current in the unit that changes them, so that no query
//! grows with history; its quantity equals the ledger's shares, held and available.
//!
//! Tables: `lots`, `lot_closings`, `positions`, `lot_methods`; those of [`history`], [`value`] and [`import`].

mod corporate;
mod events;
mod history;
mod import;
mod lot_method;
mod performance;
mod show;
mod statements;
mod store;
mod trade;
mod transactions;
mod value;

pub use corporate::{ActionEffect, held_at, holders, is_recorded, pay_dividend, split};
pub use history::{follow_ledger, rebuild};
pub use trade::{bought, sold};
pub use value::close_days;

use stockade_domain::ids::AccountId;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    core::change::Change,
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/portfolio…`, but for `/portfolio/buy` and `/sell`, which are orders.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::portfolio).may(Permission::ReadAccount))
        .routes(routes!(show::positions).may(Permission::ReadAccount))
        .routes(routes!(transactions::list::list).may(Permission::ReadAccount))
        .routes(routes!(transactions::export::export).may(Permission::ReadAccount))
        .routes(routes!(statements::list).may(Permission::ReadAccount))
        .routes(routes!(statements::show).may(Permission::ReadAccount))
        .routes(routes!(import::import).may(Permission::ManageSelf))
        .routes(routes!(performance::performance).may(Permission::ReadAccount))
        .routes(routes!(lot_method::show).may(Permission::ReadAccount))
        .routes(routes!(lot_method::choose).may(Permission::ManageSelf))
}

/// Deletes what somebody who is being erased had brought from elsewhere.
pub fn forget(change: &mut Change<'_>, account: AccountId) -> ApiResult<()> {
    import::forget(change, account)
}
