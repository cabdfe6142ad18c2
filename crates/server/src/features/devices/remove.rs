//! Devices that go: revoked by their owner, unused for a season, or erased with their owner.

use std::collections::HashMap;

use jiff::SignedDuration;
use stockade_domain::ids::{DeviceId, UserId};
use stockade_platform::db::{DbResult, Queryable};

use super::{
    events,
    sealed::Details,
    store::{self, Stored},
};
use crate::{
    app::App,
    core::{actor::Actor, change::Change, event::AuditEvent, sealed::key_of},
    http::error::{ApiError, ApiResult, Problem},
};

/// Devices removed in one unit.
const CHUNK: i64 = 100;

/// Takes a device out of its owner's list; answers the event to record, or `None` when it is not theirs. Ending its
/// sessions is the caller's part.
pub async fn revoke(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    device: DeviceId,
) -> ApiResult<Option<AuditEvent>> {
    let Some(stored) = store::by_id(change, user, device).await? else {
        return Ok(None);
    };
    let key = key_of(&app.core.keys, change, user).await?;
    let name = Details::open(&key, user, device, &stored.sealed)?.shown_name();
    store::remove(change, user, device)?;
    Ok(Some(events::revoked(user, device, &name)))
}

/// What a person's devices are called.
pub async fn names(app: &App, on: &mut impl Queryable, user: UserId) -> ApiResult<HashMap<DeviceId, String>> {
    let key = key_of(&app.core.keys, on, user).await?;
    let stored = store::of_user(on, user).await?;
    let name = |stored: &Stored| {
        let details = Details::open(&key, user, stored.id, &stored.sealed)?;
        Ok((stored.id, details.shown_name()))
    };
    stored.iter().map(name).collect()
}

/// Removes all that is known of a person's devices; belongs into the unit that erases the person. What the log says of
/// them is sealed under the person's key.
pub fn forget(change: &mut Change<'_>, user: UserId) -> DbResult<()> {
    store::remove_all(change, user)
}

/// Removes devices that were not seen for as long as `devices.unused_days` says; answers how many went. Their sessions have ended long before.
pub async fn expire(app: &App) -> ApiResult<usize> {
    let unused = SignedDuration::try_from(app.config.devices.unused).expect("a year or less");
    let mut removed = 0;
    loop {
        let before = app.clock.now() - unused;
        let any: DbResult<bool> = app
            .read(async move |reader| store::any_unseen_since(reader, before).await)
            .await;
        if !any? {
            return Ok(removed);
        }
        let gone = app
            .change(
                Actor::program("expire devices"),
                async move |change: &mut Change<'_>| {
                    let gone = store::remove_unseen_since(change, before, CHUNK).await?;
                    let count = gone.len();
                    let mut events = gone
                        .into_iter()
                        .map(|(user, device)| events::expired(user, device, "unused"));
                    let Some(last) = events.next_back() else {
                        return Err(quicker());
                    };
                    events.for_each(|event| change.also(event));
                    change.commit(last, count)
                },
            )
            .await;
        match gone {
            Ok(count) => removed += count,
            Err(ApiError::Refused(_)) => return Ok(removed),
            Err(error) => return Err(error),
        }
    }
}

/// Between looking and removing somebody else removed them.
fn quicker() -> ApiError {
    Problem::conflict(
        "device.expired_elsewhere",
        "another instance removed these devices",
    )
    .into()
}
