//! What a change of credentials does to sessions: they end with their signing keys, at once and everywhere.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::DbResult;

use super::{
    events::{self, SignedOutOf},
    revocations,
    store::sessions,
};
use crate::{app::App, core::change::Change};

/// Ends all sessions of a person but `kept`, puts that on record, and tells the other instances after the commit.
pub(super) async fn end_sessions(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    kept: Option<SessionId>,
    by: SignedOutOf,
) -> DbResult<()> {
    let now: Timestamp = change.now();
    let ended = match kept {
        Some(kept) => sessions::revoke_others(change, user, kept, now).await?,
        None => sessions::revoke_all(change, user, now).await?,
    };
    if ended.is_empty() {
        return Ok(());
    }
    change.also(events::sessions_ended(user, by, &ended));
    revocations::follow_up(app, change, ended)
}
