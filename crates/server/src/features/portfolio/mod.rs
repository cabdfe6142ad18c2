//! What a customer owns: lots, positions, and their value at present prices.
//!
//! Invariants: a position is the sum of its open lots, kept current in the unit that changes them, so that no query
//! grows with history; its quantity equals the ledger's shares, held and available.
//!
//! Tables: `lots`, `lot_closings`, `positions`, `lot_methods`.

mod events;
mod lot_method;
mod show;
mod store;
mod trade;

pub use trade::{bought, sold};

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/portfolio…`, but for `/portfolio/buy` and `/sell`, which are orders.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::portfolio).may(Permission::ReadAccount))
        .routes(routes!(show::positions).may(Permission::ReadAccount))
        .routes(routes!(lot_method::show).may(Permission::ReadAccount))
        .routes(routes!(lot_method::choose).may(Permission::ManageSelf))
}
