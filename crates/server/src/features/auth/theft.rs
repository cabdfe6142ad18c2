//! A token that comes from another device than the one it was issued to was stolen, wherever from. Its session ends at
//! once, on every instance: the thief is out, and the owner signs in again.

use stockade_domain::ids::{DeviceId, SessionId, UserId};

use super::{
    events,
    restriction::{self, Indicator},
    revocations,
    store::sessions,
};
use crate::{
    app::App,
    core::{
        actor::Origin,
        change::{Change, Outcome},
    },
    http::error::{ApiError, Problem},
};

/// Ends the session and answers the refusal.
pub(super) async fn end_session(
    app: &App,
    user: UserId,
    session: SessionId,
    device: Option<DeviceId>,
    origin: Origin,
) -> ApiError {
    let this = app.clone();
    let ended = app
        .change(
            origin,
            async move |change: &mut Change<'_>| -> Result<Outcome<()>, ApiError> {
                let now = change.now();
                // Of two stolen requests one ends the session and is on record as the theft.
                if !sessions::revoke(change, user, session, now).await? {
                    return Err(stolen());
                }
                revocations::follow_up(&this, change, vec![session])?;
                restriction::note(&this, change, user, Indicator::StolenToken).await?;
                change.commit(events::session_stolen(user, session, device), ())
            },
        )
        .await;
    match ended {
        Ok(()) | Err(ApiError::Refused(_)) => stolen(),
        Err(error) => error,
    }
}

pub(super) fn stolen() -> ApiError {
    let detail = "this token was issued to another device, so the session was ended; sign in again";
    Problem::unauthorized("token.stolen", detail).into()
}
