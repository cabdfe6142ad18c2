//! Several sessions of a person end with their signing keys, at once and everywhere: because their credentials changed,
//! their device is gone, or they say so.

use jiff::Timestamp;
use stockade_domain::ids::{DeviceId, SessionId, UserId};
use stockade_platform::db::DbResult;

use super::{
    events::{self, SignedOutOf},
    revocations,
    store::sessions,
};
use crate::{app::App, core::change::Change};

/// Which sessions of a person.
#[derive(Clone, Copy)]
pub(super) enum Which {
    All,
    /// All but this one.
    Others(SessionId),
    OfDevice(DeviceId),
}

/// Ends those that live, puts that on record, and tells the other instances after the commit.
pub(super) async fn end_sessions(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    which: Which,
    by: SignedOutOf,
) -> DbResult<()> {
    let now: Timestamp = change.now();
    let ended = match which {
        Which::All => sessions::revoke_all(change, user, now).await?,
        Which::Others(kept) => sessions::revoke_others(change, user, kept, now).await?,
        Which::OfDevice(device) => sessions::revoke_of_device(change, user, device, now).await?,
    };
    if ended.is_empty() {
        return Ok(());
    }
    change.also(events::sessions_ended(user, by, &ended));
    revocations::follow_up(app, change, ended)
}
