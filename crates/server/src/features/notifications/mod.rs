//! Notifications: what happens to somebody's account, told by mail, and live to whoever stays connected. A follower of the audit log writes the letters, so
//! that no feature need think of it.
//!
//! Invariants: each entry is told once, whatever crashes. Critical kinds always go out; the others as their owner
//! chooses. Nothing is sent to somebody who was erased, nor about what is long past. Where staff acted from is not told.
//!
//! Table: `notification_choices`.

mod choices;
mod choose;
mod events;
mod follow;
mod letters;
mod live;
mod show;
mod store;
mod words;

use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Writable};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    choices::{ChoiceView, own_choices},
    follow::follow_log,
};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/notifications`, `/events`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::show, choose::choose).may(Permission::ManageSelf))
        .routes(routes!(live::follow).may(Permission::ReadSelf))
}

/// Forgets what somebody chose, in the unit that erases them, once their key is destroyed.
pub fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    store::forget(on, owner)
}
