//! News: the worker fetches feeds of RSS and Atom; people read what was stored, all of it or about one symbol.
//!
//! Invariants: no request asks another server. An item is plain text; its link is http or https. A feed that fails holds
//! up no other, is tried again after a pause that doubles, and shows when it last worked. Samples, which development has so
//! that the page is not empty, say that they are samples.
//!
//! Tables: `news_feeds`, `news_items`, `news_symbols`.

mod feeds;
mod fetch;
mod list;
mod samples;
mod store;
mod story;
mod tagging;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::fetch::{fetch_news, prune_news};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/news…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list).may(Permission::ReadMarket))
        .routes(routes!(feeds::list).may(Permission::ReadMarket))
}
