//! Forecasts of daily closes: a job makes them, a symbol at a time, and requests only read what is stored.
//!
//! Invariants: nothing is computed inside a request. A forecast says which model made it, how that model did on the same
//! symbol's past, and why the others were not used. Intervals are what is claimed; direction is not.
//!
//! Tables: `forecast_days`, `forecasts`.

mod compute;
mod document;
mod job;
mod predict;
mod scoreboard;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::job::{make_forecasts, make_forecasts_if_calm};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/predictions…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(scoreboard::scoreboard).may(Permission::ReadMarket))
        .routes(routes!(predict::predict).may(Permission::ReadMarket))
}
