//! Price alerts: somebody is told when a price rises to, or falls to, what they wait for.
//!
//! Invariants: an alert is of its owner alone. When it is made its price has not been met yet; it fires when the market
//! meets it for the first time after that, even between two looks or while nobody looked; it fires once, on any number of
//! instances and through any restart, in the unit that puts it on record. The mail follows from the record.
//!
//! Tables: `price_alerts`, `price_alert_cursor`.

mod create;
mod events;
mod fire;
mod list;
mod remove;
mod store;

use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable, Writable};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{fire::fire_alerts, list::PriceAlertView};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/price-alerts…`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create).may(Permission::ManageSelf))
        .routes(routes!(remove::remove).may(Permission::ManageSelf))
}

/// A person's alerts, newest first, for the export of all their data.
pub async fn own_data(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<PriceAlertView>> {
    let alerts = store::of_owner(on, owner, None, i64::MAX).await?;
    Ok(alerts.into_iter().map(PriceAlertView::from).collect())
}

/// Erasure's part.
pub fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    store::forget(on, owner)
}
