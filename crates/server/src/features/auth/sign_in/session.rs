//! The session a sign-in ends in, with the first of its refresh tokens.

use jiff::Timestamp;
use stockade_domain::ids::SessionId;

use super::Device;
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent},
    features::auth::{
        events,
        opaque::OpaqueToken,
        store::{
            sessions::{self, NewSession},
            users::Credentials,
        },
        users::UserView,
    },
    http::error::ApiResult,
};

/// A session just opened or refreshed.
pub(in crate::features::auth) struct OpenSession {
    pub(in crate::features::auth) user: UserView,
    pub(in crate::features::auth) id: SessionId,
    /// How the person proved who they are, words with blanks between them.
    pub(in crate::features::auth) amr: String,
    /// When they did.
    pub(in crate::features::auth) auth_time: Timestamp,
    pub(in crate::features::auth) device: Device,
    pub(in crate::features::auth) refresh_token: OpaqueToken,
}

/// Opens a session for somebody who has proven enough.
pub(in crate::features::auth) async fn open(
    app: &App,
    change: &mut Change<'_>,
    user: &Credentials,
    amr: &str,
    device: &Device,
) -> ApiResult<OpenSession> {
    let now = change.now();
    let life = app.config.tokens.refresh;
    let (id, refresh_token) = (SessionId::from_uuid(change.new_id()), OpaqueToken::new());
    let origin = change.actor().origin.clone();
    let session = NewSession {
        id,
        user: user.id,
        device_hash: device.hash,
        amr,
        origin: &origin,
        created_at: now,
        expires_at: now + life,
    };
    sessions::insert(change, &session)?;
    sessions::insert_refresh(change, refresh_token.hash(), id, now + life)?;
    Ok(OpenSession {
        user: UserView {
            id: user.id.as_uuid(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role,
        },
        id,
        amr: amr.to_owned(),
        auth_time: now,
        device: device.clone(),
        refresh_token,
    })
}

impl OpenSession {
    /// That somebody signed in.
    pub(in crate::features::auth) fn event(&self) -> AuditEvent {
        events::signed_in(self.user.id, self.id, &self.amr, self.device.report.as_ref())
    }
}
