//! Devices: which of a person's devices a request comes from, whether they trust it, and what changed about it.
//!
//! Invariants: a device is known by a random id that only it has, never by its looks, which anybody can copy. An id that
//! turns up on another operating system was copied: the device loses its owner's trust at once. What is personal about a
//! device is sealed under its owner's data key. Every change is on record.
//!
//! Table: `devices`.

mod binding;
mod change;
mod compare;
mod cookie;
mod events;
mod recognise;
mod remove;
mod report;
mod sealed;
mod seen;
mod store;
mod view;

use jiff::Timestamp;
use stockade_domain::ids::{DeviceId, UserId};
use stockade_platform::db::{DbResult, Writable};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    binding::{Bond, binding, is_clearly_other},
    compare::compare,
    recognise::{Recognised, Status, recognise, trusted},
    remove::{expire, forget, names, revoke},
    report::DeviceReport,
    seen::Seen,
    view::{DeviceView, own_devices},
};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/devices…`; removing one also ends its sessions, so that is `auth`'s.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(view::list).may(Permission::ManageSelf))
        .routes(routes!(change::change).may(Permission::ManageSelf))
}

/// A device was seen again.
pub fn set_last_seen(on: &mut impl Writable, user: UserId, device: DeviceId, at: Timestamp) -> DbResult<()> {
    store::set_last_seen(on, user, device, at)
}

/// The devices of the person's that were trusted since an instant are trusted no more, because a stranger may have marked
/// them.
pub fn distrust_since(on: &mut impl Writable, user: UserId, since: Timestamp) -> DbResult<()> {
    store::distrust_since(on, user, since)
}

/// No device of the person's is trusted any more, because strangers may have marked one.
pub fn distrust_all(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    store::distrust_all(on, user)
}
