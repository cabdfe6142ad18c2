//! The session a sign-in ends in, with the first of its refresh tokens.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};

use crate::{
    app::App,
    core::{change::Change, event::AuditEvent},
    features::{
        auth::{
            events,
            opaque::OpaqueToken,
            restriction::{self, Indicator},
            store::{
                sessions::{self, NewSession},
                users::Credentials,
            },
            users::UserView,
        },
        devices::{self, Recognised, Seen},
        risk::{Assessed, RiskView},
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
    /// What binds the tokens to their device.
    pub(in crate::features::auth) binding: [u8; 32],
    pub(in crate::features::auth) refresh_token: OpaqueToken,
    /// How risky the sign-in looked; `None` at a refresh.
    pub(in crate::features::auth) risk: Option<RiskView>,
}

/// A sign-in that has succeeded.
pub(in crate::features::auth) struct Opened {
    pub(in crate::features::auth) session: OpenSession,
    device: Recognised,
    risk: serde_json::Value,
}

/// Opens a session for somebody who has proven enough for its risk. A `confirmed` one is learnt from at once.
pub(in crate::features::auth) async fn open(
    app: &App,
    change: &mut Change<'_>,
    user: &Credentials,
    amr: &str,
    device: &Seen,
    risk: Assessed,
    confirmed: bool,
) -> ApiResult<Opened> {
    let now = change.now();
    let life = app.config.tokens.refresh;
    let (id, refresh_token) = (SessionId::from_uuid(change.new_id()), OpaqueToken::new());
    let origin = change.actor().origin.clone();
    let recognised = devices::recognise(app, change, user.id, id, device).await?;
    if recognised.compromised {
        restriction::note(app, change, user.id, Indicator::CopiedDevice).await?;
    }
    let session = NewSession {
        id,
        user: user.id,
        device: recognised.device,
        device_hash: device.binding(),
        amr,
        origin: &origin,
        created_at: now,
        expires_at: now + life,
    };
    sessions::insert(change, &session)?;
    sessions::insert_refresh(change, refresh_token.hash(), id, now + life)?;
    let (view, details) = (risk.view(), risk.details());
    risk.sign_in_succeeded(change, id, confirmed)?;
    let session = OpenSession {
        user: UserView {
            id: user.id.as_uuid(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role,
        },
        id,
        amr: amr.to_owned(),
        auth_time: now,
        binding: device.binding(),
        refresh_token,
        risk: Some(view),
    };
    Ok(Opened {
        session,
        device: recognised,
        risk: details,
    })
}

impl Opened {
    /// That somebody signed in.
    pub(in crate::features::auth) fn event(&self) -> AuditEvent {
        let user = UserId::from_uuid(self.session.user.id);
        events::signed_in(user, self.session.id, &self.session.amr, &self.device, &self.risk)
    }
}
