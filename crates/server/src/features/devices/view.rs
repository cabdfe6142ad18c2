//! A device as its owner sees it, and `GET /devices`.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::{DeviceId, UserId};
use stockade_platform::db::{Queryable, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    sealed::Details,
    store::{self, Stored},
};
use crate::{
    app::App,
    core::{actor::SignedIn, sealed::key_of},
    http::error::{ApiResult, Problem},
};

/// A device that somebody signed in from.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    id: Uuid,
    /// What its owner calls it, or else its browser and system.
    #[schema(example = "Firefox on Linux")]
    name: String,
    /// The family of the browser, or a program's name.
    #[schema(example = "Firefox")]
    browser: Option<String>,
    #[schema(example = "Linux")]
    os: Option<String>,
    /// Whether its owner trusts it.
    trusted: bool,
    /// Whether this request comes from it.
    current: bool,
    /// The address it last signed in from.
    place: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
}

impl DeviceView {
    pub(super) fn new(stored: &Stored, details: &Details, current: Option<DeviceId>) -> Self {
        let agent = details.fingerprint.agent();
        Self {
            id: stored.id.as_uuid(),
            name: details.shown_name(),
            browser: agent.family.map(str::to_owned),
            os: agent.os.map(|os| os.as_str().to_owned()),
            trusted: stored.trusted_at.is_some(),
            current: current == Some(stored.id),
            place: details.ip.clone(),
            created_at: stored.created_at,
            last_seen_at: stored.last_seen_at,
        }
    }
}

/// A person's devices.
#[derive(Serialize, ToSchema)]
pub(super) struct Devices {
    /// This one first, then by when they were last seen.
    items: Vec<DeviceView>,
    /// Always null: there are never many.
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/devices", tag = "devices",
    responses((status = 200, body = Devices), (status = 401, body = Problem))
)]
pub(super) async fn list(State(app): State<App>, user: SignedIn) -> ApiResult<Answer<Devices>> {
    let (this, owner, current) = (app.clone(), user.id, user.device);
    let look = async move |reader: &mut Reader| own_devices(&this, reader, owner, current).await;
    let mut items = app.core.read_as(&user, look).await?;
    items.sort_by_key(|device| !device.current);
    Ok(Answer(Devices {
        items,
        next_cursor: None,
    }))
}

/// What is known of a person's devices, the one seen last first.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn own_devices(
    app: &App,
    on: &mut impl Queryable,
    owner: UserId,
    current: Option<DeviceId>,
) -> ApiResult<Vec<DeviceView>> {
    let key = key_of(&app.core.keys, on, owner).await?;
    let view = |stored: &Stored| {
        let details = Details::open(&key, owner, stored.id, &stored.sealed)?;
        Ok(DeviceView::new(stored, &details, current))
    };
    store::of_user(on, owner).await?.iter().map(view).collect()
}
