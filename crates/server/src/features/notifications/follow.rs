//! The follower: reads the log, finds what is to be told, and puts letters into the outbox in the transaction that moves
//! its cursor, so that each entry is told once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Tx};

use super::{
    choices::Choices,
    letters::{letter, notice_of, sign_in_of},
};
use crate::{
    app::App,
    core::{
        audit::entries::{Entry, EntryView},
        followers,
    },
    features::{auth, mail},
    http::error::ApiResult,
};

/// The cursor's name.
const FOLLOWER: &str = "notifications";
/// What is older is no news, such as a log from before there were notifications.
const OLDEST_NEWS: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Follows the log to its end; answers how many entries it read.
///
/// # Errors
/// When the database is away; the same entries are then read again.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let unread = followers::unread(&app.core, FOLLOWER, |kind| notice_of(kind).is_some()).await?;
        let Some(unread) = unread else {
            return Ok(read);
        };
        read += unread.count();
        let since = app.clock.now() - OLDEST_NEWS;
        let mut news = unread
            .entries
            .iter()
            .map(Entry::view)
            .collect::<DbResult<Vec<_>>>()?;
        news.retain(|entry| !entry.erased && entry.at >= since);
        let (this, news) = (app.clone(), Arc::new(news));
        followers::settle(&app.core, FOLLOWER, unread.stretch, async move |tx: &mut Tx| {
            let now = this.clock.now();
            for entry in news.iter() {
                tell(&this, tx, entry, now).await?;
            }
            Ok(())
        })
        .await?;
    }
}

async fn tell(app: &App, tx: &mut Tx, entry: &EntryView, now: Timestamp) -> DbResult<()> {
    let (Some(subject), Some(notice)) = (entry.subject, notice_of(&entry.kind)) else {
        return Ok(());
    };
    let owner = UserId::from_uuid(subject);
    // Somebody may have been erased since; then nothing opens, and nothing is sent.
    if app.core.keys.of(tx, subject).await?.is_none() {
        return Ok(());
    }
    let Some(address) = auth::address_of(tx, owner).await? else {
        return Ok(());
    };
    if !Choices::of(tx, owner).await?.by_mail(&app.config, notice) {
        return Ok(());
    }
    let not_me = sign_in_of(entry).map(|session| auth::not_me_link(app, owner, session));
    match letter(entry, &address, &app.config.server.public_url, not_me) {
        Some(letter) => mail::post_about(tx, entry.id, &letter.of_kind(notice.as_str()), now),
        None => Ok(()),
    }
}
