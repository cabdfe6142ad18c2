//! `oidc_states`: people on their way to a provider and back.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::{DbResult, FromRow, Row, Writable, sql};

/// Whom a link is for, and the session they asked for it in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkFor {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

/// Somebody leaves.
pub(crate) struct NewState<'a> {
    pub(crate) state_hash: [u8; 32],
    pub(crate) browser_hash: [u8; 32],
    pub(crate) provider: &'a str,
    pub(crate) link: Option<LinkFor>,
    pub(crate) expires_at: Timestamp,
}

/// Somebody is back.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    /// `None` when they want to sign in.
    pub(crate) link: Option<LinkFor>,
}

impl FromRow for Taken {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (user, session): (Option<UserId>, Option<SessionId>) = (row.read()?, row.read()?);
        let link = user.zip(session).map(|(user, session)| LinkFor { user, session });
        Ok(Self { link })
    }
}

pub(crate) fn insert(on: &mut impl Writable, state: &NewState<'_>) -> DbResult<()> {
    sql(
        "INSERT INTO oidc_states (state_hash, browser_hash, provider, user_id, session_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(state.state_hash)
    .bind(state.browser_hash)
    .bind(state.provider)
    .bind(state.link.map(|link| link.user))
    .bind(state.link.map(|link| link.session))
    .bind(state.expires_at)
    .later(on)
}

/// Takes a living state out, if it is this browser's and this provider's; of two who bring it, one gets it.
pub(crate) async fn take(
    on: &mut impl Writable,
    state_hash: [u8; 32],
    browser_hash: [u8; 32],
    provider: &str,
    now: Timestamp,
) -> DbResult<Option<Taken>> {
    sql(
        "DELETE FROM oidc_states WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > $4
         RETURNING user_id, session_id",
    )
    .bind(state_hash)
    .bind(browser_hash)
    .bind(provider)
    .bind(now)
    .optional(on)
    .await
}
