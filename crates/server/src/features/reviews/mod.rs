//! The desk's side of quarantine: the queue, the case with its evidence, decisions, what happens when nobody decides, and
//! the figures.
//!
//! Invariants: what is held takes effect only when as many different analysts approved it as its amount asks for, none of
//! whom owns it, before its time is over; it then goes the way that every order or withdrawal goes, in the unit that ends
//! the review. Whatever happens twice at once happens once, since each way out takes the same row first.
//!
//! Table: `transaction_hours`.

mod case;
mod dashboard;
mod decide;
mod events;
mod expire;
mod follow;
mod queue;
mod store;

pub use self::{expire::expire_reviews, follow::follow_log};

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// Of the operations desk: `/transactions…`, `/dashboard/transactions`.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queue::list).may(Permission::ReadDesk))
        .routes(routes!(case::show).may(Permission::ReadDesk))
        .routes(routes!(decide::approve).may(Permission::WorkCases))
        .routes(routes!(decide::reject).may(Permission::WorkCases))
        .routes(routes!(dashboard::show).may(Permission::ReadDesk))
}
