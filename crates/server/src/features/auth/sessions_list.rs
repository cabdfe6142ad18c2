//! `GET /sessions`: where a person is signed in.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::device::Agent;
use stockade_platform::db::Reader;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::sessions::{self, Living};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::devices,
    http::error::{ApiResult, Problem},
};

/// A living session.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionView {
    id: Uuid,
    /// Its device among `/devices`; null once that is gone.
    device_id: Option<Uuid>,
    /// What its owner calls the device, or else its browser and system.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The address it was opened from.
    place: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// A person's sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    /// This one first, then by when they were last seen.
    items: Vec<SessionView>,
    /// Always null.
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 200, body = Sessions), (status = 401, body = Problem))
)]
pub(super) async fn list(State(app): State<App>, user: SignedIn) -> ApiResult<Answer<Sessions>> {
    let now = app.clock.now();
    let this = app.clone();
    let owner = user.id;
    let (living, names) = app
        .core
        .read_as(&user, async move |reader: &mut Reader| -> ApiResult<_> {
            let living = sessions::living(reader, owner, now).await?;
            Ok((living, devices::names(&this, reader, owner).await?))
        })
        .await?;
    let view = |living: Living| {
        let current = living.id == user.session;
        let device = living.device.and_then(|device| names.get(&device));
        let agent = living.user_agent.as_deref().map(Agent::read).unwrap_or_default();
        SessionView {
            id: living.id.as_uuid(),
            device_id: device.and(living.device).map(|device| device.as_uuid()),
            device: device.cloned().unwrap_or_else(|| agent.to_string()),
            place: living.ip,
            created_at: living.created_at,
            last_seen_at: if current {
                now
            } else {
                living.last_seen_at.unwrap_or(living.created_at)
            },
            current,
        }
    };
    let mut items: Vec<_> = living.into_iter().map(view).collect();
    items.sort_by_key(|session| !session.current);
    Ok(Answer(Sessions {
        items,
        next_cursor: None,
    }))
}
