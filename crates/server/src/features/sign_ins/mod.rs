//! Sign-ins counted: how many came in, had more to prove, or were kept out, by half hour, and what made them suspicious.
//!
//! Invariant: the figures come from the log alone, each entry counted once, in the transaction that moves the follower.
//!
//! Tables: `sign_in_slots`.

mod figures;
mod follow;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::follow::follow_log;
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// Of the operations desk: `/dashboard/sign-ins`.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(figures::show).may(Permission::ReadDesk))
}
