//! Webhooks: what happens on the platform, told to other programs as Standard Webhooks has it. A follower of the audit
//! log writes the deliveries; a job makes them.
//!
//! Invariants: a delivery carries ids and no other personal data. It is signed with a secret that was shown once and
//! lies sealed under the platform's key. Each entry makes one delivery a webhook; a receiver may get it more than once,
//! always under the same id. A receiver that is away holds up no other, and in the end is switched off.
//!
//! Tables: `webhooks`, `webhook_deliveries`.

mod create;
mod deliver;
mod deliveries;
mod disable;
mod events;
mod follow;
mod message;
mod remove;
mod secret;
mod store;
mod test_fire;
mod view;

use stockade_platform::db::{DbResult, Queryable};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    deliver::{deliver_webhooks, prune_deliveries},
    follow::follow_log,
    message::{is_filter, takes},
};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// How many deliveries wait.
pub async fn waiting(on: &mut impl Queryable) -> DbResult<i64> {
    store::waiting(on).await
}

/// `/webhooks…` of the administration.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create, view::list).may(Permission::Administer))
        .routes(routes!(remove::remove).may(Permission::Administer))
        .routes(routes!(test_fire::test_fire).may(Permission::Administer))
        .routes(routes!(deliveries::list).may(Permission::Administer))
}
