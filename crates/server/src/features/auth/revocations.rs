//! Ended sessions, told to shared state so that every instance refuses their tokens at once.
//!
//! API keys that were revoked are marked beside them. The database is the truth. A revocation is marked right after its commit; a crash in between loses nothing, because
//! [`relay_revocations`] follows the log and marks it again, and a fresh or restarted store is loaded from the database.

use std::{collections::HashSet, sync::atomic::Ordering};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::ids::SessionId;
use stockade_platform::{
    db::{DbError, DbResult},
    shared::{Revocation, Shared, SharedError},
};
use uuid::Uuid;

use super::{
    events,
    store::{sessions, signing_keys},
};
use crate::{
    app::App,
    core::{audit::entries::Entry, change::Change, followers},
    features::api_keys,
    http::error::ApiResult,
};

/// No session's name: asking for it tells whether the copy is whole.
const NOBODY: &str = "nobody";
/// The cursor's name.
const FOLLOWER: &str = "revocations";
/// Tokens may have been issued this long after the instant that the revocation carries.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// A session's name in shared state.
pub(super) fn id_of(session: SessionId) -> String {
    session.as_uuid().simple().to_string()
}

/// Ends what lives with sessions that a unit has revoked, and tells every instance once it has committed.
pub(super) fn follow_up(app: &App, change: &mut Change<'_>, ended: Vec<SessionId>) -> DbResult<()> {
    let now = change.now();
    for session in &ended {
        signing_keys::revoke_of_session(change, *session, now)?;
    }
    let app = app.clone();
    change.after_commit(async move { mark(&app, &ended).await });
    Ok(())
}

/// Marks sessions whose revocation has just been committed.
pub(super) async fn mark(app: &App, sessions: &[SessionId]) {
    let ttl = app.auth.access.life() + LEEWAY;
    for session in sessions {
        app.auth.secrets.forget_session(*session);
        if let Err(error) = mark_one(app, *session, ttl).await {
            // Checks answer Unknown until the copy is loaded again, so nobody is let in meanwhile.
            tracing::warn!(%session, %error, "a revocation could not be marked in shared state");
        }
    }
}

async fn mark_one(app: &App, session: SessionId, ttl: SignedDuration) -> Result<(), SharedError> {
    app.shared.revoke(&id_of(session), ttl.unsigned_abs()).await
}

/// Loads the copy in the background, unless that is already under way.
pub(super) fn load_soon(app: &App) {
    if !may_be_whole(app) || app.auth.loading.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = load(&app).await {
            tracing::warn!(%error, "the revocations could not be loaded; sessions are checked in the database");
        }
        app.auth.loading.store(false, Ordering::SeqCst);
    });
}

/// Loads the copy of the living revocations from the database unless it is known to be whole: at the start, and after
/// shared state was away. Answers 1 when it did.
///
/// # Errors
/// When the database or shared state is away; sessions are then checked in the database.
pub async fn load_revocations(app: &App) -> ApiResult<usize> {
    if !may_be_whole(app) || app.shared.revocation(NOBODY).await != Revocation::Unknown {
        return Ok(0);
    }
    load(app).await?;
    Ok(1)
}

/// Memory can only be whole where this process is the only one that serves; beside other instances on one PostgreSQL
/// it would miss their revocations, so without Redis the database is asked each time.
fn may_be_whole(app: &App) -> bool {
    match app.shared {
        Shared::Redis(_) => true,
        Shared::Memory(_) => app.core.db.numbers_at_group_end(),
    }
}

async fn load(app: &App) -> DbResult<()> {
    let loading = app.shared.begin_loading().await.map_err(away)?;
    let now = app.clock.now();
    mark_revoked(app, now - app.auth.access.life() - LEEWAY, now + LEEWAY).await?;
    app.shared.finish_loading(&loading).await.map_err(away)?;
    Ok(())
}

/// Follows the log to its end and marks again what it says was revoked; answers how many entries it read.
///
/// # Errors
/// When the database or shared state is away; the same entries are then read again.
pub async fn relay_revocations(app: &App) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let unread = followers::unread(&app.core, FOLLOWER, |kind| events::REVOKING.contains(&kind)).await?;
        let Some(unread) = unread else {
            return Ok(read);
        };
        read += unread.count();
        if let Some((from, until)) = times(&unread.entries) {
            mark_revoked(app, from, until).await?;
        }
        followers::pass(&app.core, FOLLOWER, unread.stretch).await?;
    }
}

/// Marks every session that was revoked in a stretch of time.
async fn mark_revoked(app: &App, from: Timestamp, until: Timestamp) -> DbResult<()> {
    let revoked: DbResult<Vec<SessionId>> = app
        .read(async move |reader| sessions::revoked(reader, from, until).await)
        .await;
    let ttl = app.auth.access.life() + LEEWAY;
    for session in revoked? {
        mark_one(app, session, ttl).await.map_err(away)?;
    }
    let keys: DbResult<_> = app
        .read(async move |reader| api_keys::revoked(reader, from, until).await)
        .await;
    for key in keys? {
        let id = api_keys::revocation_id(key);
        app.shared.revoke(&id, ttl.unsigned_abs()).await.map_err(away)?;
    }
    Ok(())
}

/// What was revoked in a stretch of time, both ends included: sessions, and API keys, whose ids stand where a session's would.
///
/// # Errors
/// When the database is away.
pub async fn ended_sessions(app: &App, from: Timestamp, until: Timestamp) -> DbResult<HashSet<SessionId>> {
    app.read(async move |reader| {
        let sessions = sessions::revoked(reader, from, until).await?;
        let keys = api_keys::revoked(reader, from, until).await?;
        let keys = keys.into_iter().map(|key| SessionId::from_uuid(key.as_uuid()));
        DbResult::Ok(sessions.into_iter().chain(keys).collect())
    })
    .await
}

/// From the first to the last of these revocations. An entry carries the instant of its unit in its id, to
/// the millisecond; the revocation carries it, too.
fn times(entries: &[Entry]) -> Option<(Timestamp, Timestamp)> {
    let mut times = entries.iter().filter_map(|entry| made_at(entry.id));
    let first = times.next()?;
    let (from, until) = times.fold((first, first), |(from, until), at| (from.min(at), until.max(at)));
    let millisecond = SignedDuration::from_millis(1);
    Some((from - millisecond, until + millisecond))
}

fn made_at(id: Uuid) -> Option<Timestamp> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}

fn away(error: SharedError) -> DbError {
    DbError::Unavailable(error.to_string())
}
