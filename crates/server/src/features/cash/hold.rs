//! The hold after a change of credentials: whoever has just taken an account over must wait before anything leaves it, and
//! its owner has that time to notice.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable};

use crate::{app::App, core::change::Change, features::auth};

/// Until when nothing of this person's leaves; `None` when nothing is held back.
pub(super) async fn until(app: &App, change: &mut Change<'_>, owner: UserId) -> DbResult<Option<Timestamp>> {
    let now = change.now();
    // A frozen account pays nothing out, however long that lasts: it is asked again when this hold ends.
    if auth::is_restricted(change, owner).await? {
        let until = now.saturating_add(app.config.cash.hold());
        return Ok(Some(until.unwrap_or(Timestamp::MAX)));
    }
    let ends = ends(app, change, owner).await?;
    Ok(ends.filter(|ends| *ends > now))
}

/// Until when something waits that looks as if somebody had taken the account over.
pub(super) fn from_now(app: &App, change: &Change<'_>) -> Timestamp {
    let now = change.now();
    now.saturating_add(app.config.cash.hold())
        .unwrap_or(Timestamp::MAX)
}

async fn ends(app: &App, on: &mut impl Queryable, owner: UserId) -> DbResult<Option<Timestamp>> {
    let changed = auth::credentials_changed_at(on, owner).await?;
    let after = |changed: Timestamp| {
        changed
            .saturating_add(app.config.cash.hold())
            .unwrap_or(Timestamp::MAX)
    };
    Ok(changed.map(after))
}
