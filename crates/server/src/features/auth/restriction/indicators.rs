//! Signs that somebody else is at work in an account, and what two of them lead to.

use jiff::{SignedDuration, Timestamp};
use stockade_domain::ids::UserId;
use stockade_platform::db::DbResult;

use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        end_sessions::{Which, end_sessions},
        events::{self, SignedOutOf},
        store::{mail_links, restrictions},
    },
};

/// How far apart two indicators may lie.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// A sign that can only be met once somebody has proven who they are, or holds what only the owner was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::features::auth) enum Indicator {
    /// A token came from another device than the one it was issued to.
    StolenToken,
    /// A refresh token that was used up came back.
    ReusedToken,
    /// A device's id turned up on another system, at a sign-in that succeeded.
    CopiedDevice,
    /// A passkey's right signature carried a count that lay behind.
    CopiedPasskey,
    /// The owner of the mailbox says that a sign-in was not theirs.
    NotMe,
    /// Somebody in a session failed to prove that it is theirs until that was locked.
    UnprovenSession,
}

impl Indicator {
    fn as_str(self) -> &'static str {
        match self {
            Self::StolenToken => "stolen_token",
            Self::ReusedToken => "reused_token",
            Self::CopiedDevice => "copied_device",
            Self::CopiedPasskey => "copied_passkey",
            Self::NotMe => "not_me",
            Self::UnprovenSession => "unproven_session",
        }
    }
}

/// Notes an indicator, and restricts the account when it is the second. The unit must commit.
pub(in crate::features::auth) async fn note(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    indicator: Indicator,
) -> DbResult<()> {
    let now = change.now();
    let since = now - WINDOW;
    restrictions::note(change, user, indicator.as_str(), since, now)?;
    let met = restrictions::indicators(change, user, since).await?;
    let Some(first) = met.iter().map(|met| met.first_at).min().filter(|_| met.len() > 1) else {
        return Ok(());
    };
    if !restrictions::restrict(change, user, "indicators", first, now).await? {
        return Ok(());
    }
    let names: Vec<&str> = met.iter().map(|met| met.indicator.as_str()).collect();
    change.also(events::account_restricted(user, "indicators", &names, None));
    shut(app, change, user).await
}

/// Restricts an account for one indicator alone, of which more than a session may be in other hands since an instant. The
/// caller ends its sessions.
pub(in crate::features::auth) async fn freeze(
    change: &mut Change<'_>,
    user: UserId,
    indicator: Indicator,
    since: Timestamp,
) -> DbResult<()> {
    let now = change.now();
    if restrictions::restrict(change, user, "indicators", since, now).await? {
        change.also(events::account_restricted(
            user,
            "indicators",
            &[indicator.as_str()],
            None,
        ));
    }
    Ok(())
}

/// Ends what may be in other hands: sessions, and links that were mailed.
pub(super) async fn shut(app: &App, change: &mut Change<'_>, user: UserId) -> DbResult<()> {
    change.batch(vec![mail_links::void_all(user)]).await?;
    end_sessions(app, change, user, Which::All, SignedOutOf::Restriction).await
}
