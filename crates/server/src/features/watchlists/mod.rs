//! Watchlists: symbols that somebody keeps an eye on, under a name of their own.
//!
//! Invariants: a list is seen and changed by its owner alone; it holds listed assets, each once, in the order in which
//! they were added.
//!
//! Tables: `watchlists`, `watchlist_symbols`.

mod create;
mod events;
mod list;
mod remove;
mod store;
mod symbols;

use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable, Writable};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::list::WatchlistView;
use crate::{
    app::App,
    http::error::Problem,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/watchlists…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create).may(Permission::ManageSelf))
        .routes(routes!(remove::remove).may(Permission::ManageSelf))
        .routes(routes!(symbols::add).may(Permission::ManageSelf))
        .routes(routes!(symbols::take_off).may(Permission::ManageSelf))
}

/// A person's lists, for the export of all their data.
pub async fn own_data(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<WatchlistView>> {
    list::of(on, owner).await
}

/// Erasure's part.
pub fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    store::forget(on, owner)
}

fn unknown() -> Problem {
    Problem::not_found("watchlist.unknown", "you have no watchlist with this id")
}
