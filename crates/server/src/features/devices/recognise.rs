//! Recognising the device of a sign-in, inside the unit that opens the session.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    device::Attribute,
    ids::{DeviceId, SessionId, UserId},
};
use stockade_platform::db::Queryable;

use super::{
    events,
    sealed::Details,
    seen::Seen,
    store::{self, NewDevice, Stored},
};
use crate::{
    app::App,
    core::{change::Change, sealed::key_of},
    http::error::ApiResult,
};

/// Devices kept for a person. Beyond that the untrusted one that was away longest makes room, so that a program that
/// keeps no cookies cannot fill the table.
const MOST: i64 = 100;

/// How well a device is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// This person never signed in from it.
    New,
    /// They did, and have not said that they trust it.
    Known,
    /// They trust it.
    Trusted,
}

/// What is known of the device of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recognised {
    /// The device's id, which belongs into `sessions.device_id`.
    #[serde(rename = "id")]
    pub device: DeviceId,
    /// How well it is known.
    pub status: Status,
    /// What is different from the last time.
    pub changed: Vec<Attribute>,
    /// The id was copied to another device. Its owner's trust is gone.
    pub compromised: bool,
}

impl Recognised {
    /// Whether the sign-in must be treated as one from an unknown device.
    pub fn is_unknown(&self) -> bool {
        self.compromised || self.status == Status::New
    }
}

/// Finds the device among the person's, or adds it, and puts on record what is new about it. Belongs into the unit of
/// a sign-in that has succeeded, which holds the person's row, so that two sign-ins take turns. What it answers goes
/// into `sign_in.succeeded` as `device`.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn recognise(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    session: SessionId,
    seen: &Seen,
) -> ApiResult<Recognised> {
    match store::by_id_hash(change, user, &seen.id_hash).await? {
        Some(stored) => meet(app, change, user, session, seen, stored).await,
        None => add(app, change, user, session, seen).await,
    }
}

/// The device, if it is one that the person trusts and nothing about it is impossible. For decisions before the sign-in
/// has succeeded; it changes nothing.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn trusted(
    app: &App,
    on: &mut impl Queryable,
    user: UserId,
    seen: &Seen,
) -> ApiResult<Option<DeviceId>> {
    let stored = store::by_id_hash(on, user, &seen.id_hash).await?;
    let Some(stored) = stored.filter(|stored| stored.trusted_at.is_some()) else {
        return Ok(None);
    };
    let key = key_of(&app.core.keys, on, user).await?;
    let details = Details::open(&key, user, stored.id, &stored.sealed)?;
    let copied = details.fingerprint.changes_to(&seen.fingerprint).impossible;
    Ok((!copied).then_some(stored.id))
}

async fn add(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    session: SessionId,
    seen: &Seen,
) -> ApiResult<Recognised> {
    let device = DeviceId::from_uuid(change.new_id());
    let details = Details {
        name: None,
        fingerprint: seen.fingerprint.clone(),
        ip: seen.ip.map(|ip| ip.to_string()),
        id_is_foreign: seen.id_is_foreign,
    };
    let key = key_of(&app.core.keys, change, user).await?;
    let now = change.now();
    let new = NewDevice {
        id: device,
        user,
        id_hash: seen.id_hash,
        sealed: details.seal(&key, device),
        now,
    };
    store::insert(change, new)?;
    for gone in store::drop_beyond(change, user, MOST).await? {
        change.also(events::expired(user, gone, "too_many"));
    }
    change.also(events::added(user, device, session, &details));
    Ok(Recognised {
        device,
        status: Status::New,
        changed: Vec::new(),
        compromised: false,
    })
}

async fn meet(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    session: SessionId,
    seen: &Seen,
    stored: Stored,
) -> ApiResult<Recognised> {
    let device = stored.id;
    let key = key_of(&app.core.keys, change, user).await?;
    let before = Details::open(&key, user, device, &stored.sealed)?;
    let changes = before.fingerprint.changes_to(&seen.fingerprint);
    let name = before.shown_name();
    if changes.impossible {
        // What is stored stays, so that the true device is met as it was.
        store::distrust(change, user, device)?;
        change.also(events::compromised(
            user,
            device,
            session,
            &name,
            &changes.attributes,
        ));
    } else {
        if !changes.attributes.is_empty() {
            change.also(events::changed(user, device, session, &name, &changes.attributes));
        }
        let now = change.now();
        let details = Details {
            fingerprint: before.fingerprint.clone().updated_by(seen.fingerprint.clone()),
            ip: seen.ip.map(|ip| ip.to_string()).or_else(|| before.ip.clone()),
            ..before
        };
        store::set_details(change, user, device, details.seal(&key, device), now)?;
    }
    Ok(Recognised {
        device,
        status: status(stored.trusted_at.filter(|_| !changes.impossible)),
        changed: changes.attributes,
        compromised: changes.impossible,
    })
}

fn status(trusted_at: Option<Timestamp>) -> Status {
    if trusted_at.is_some() {
        Status::Trusted
    } else {
        Status::Known
    }
}
