//! Orders: placed, filled by the paper venue, canceled, expired.
//!
//! Invariants: an open order's hold is in the ledger, and is posted or released exactly once; fill, lot, cash, shares
//! and the record commit together; every move is a legal one of [`stockade_domain::orders::OrderStatus`].
//!
//! Tables: `orders`, `fills`.

mod cancel;
mod events;
mod execute;
mod place;
mod resting;
mod show;
mod store;
mod view;

pub use resting::match_resting;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// `/orders…`, `/portfolio/buy`, `/portfolio/sell`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(place::place))
        .routes(routes!(place::buy))
        .routes(routes!(place::sell))
        .routes(routes!(show::list))
        .routes(routes!(show::show))
        .routes(routes!(cancel::cancel))
}
