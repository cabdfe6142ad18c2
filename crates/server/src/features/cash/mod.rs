//! Cash in and out. Deposits come from a simulated bank side, which exists only in development: outside it no bank is
//! connected, so a deposit is refused.
//!
//! Table: `transfers`.

mod deposit;
mod events;
mod show;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// `/cash…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(deposit::deposit))
        .routes(routes!(show::balances))
        .routes(routes!(show::transactions))
}
