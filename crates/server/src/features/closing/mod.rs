//! The end of an account, and what its owner may take away: the export of all one's data, and erasure.
//!
//! Invariants: an account is closed only when nothing is left in it. Erasure destroys the person's data key, so that
//! whatever was sealed with it, the log's payloads included, is gone in every copy; the ledger and every proof of the
//! log stay valid. The address may be registered again.
//!
//! It owns no tables: each feature removes what it has, by its own front door.

mod close;
mod events;
mod export;
mod repeat;
mod stream;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::repeat::repeat_erasures;
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// DELETE `/profile`, and `/profile/export`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(close::close).may(Permission::ManageSelf))
        .routes(routes!(export::export).may(Permission::ManageSelf))
}
