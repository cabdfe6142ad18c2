//! How the device of a sign-in compares with those a person has, before anything about it is stored.

use stockade_domain::{
    ids::{DeviceId, UserId},
    risk,
};
use stockade_platform::db::Queryable;

use super::{sealed::Details, seen::Seen, store};
use crate::{app::App, core::sealed::key_of, http::error::ApiResult};

/// Whether the person knows the device, what is different about it, and which it is. It changes nothing.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn compare(
    app: &App,
    on: &mut impl Queryable,
    user: UserId,
    seen: &Seen,
) -> ApiResult<(risk::Device, Option<DeviceId>)> {
    let Some(stored) = store::by_id_hash(on, user, &seen.id_hash).await? else {
        return Ok((risk::Device::default(), None));
    };
    let key = key_of(&app.core.keys, on, user).await?;
    let before = Details::open(&key, user, stored.id, &stored.sealed)?;
    let changes = before.fingerprint.changes_to(&seen.fingerprint);
    let device = risk::Device {
        known: true,
        changes: u32::try_from(changes.attributes.len()).unwrap_or(u32::MAX),
        impossible: changes.impossible,
    };
    Ok((device, Some(stored.id)))
}
