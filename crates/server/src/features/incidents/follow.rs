//! The follower: reads the log and lets each entry open or join incidents, in the transaction that moves its cursor. What
//! it opens goes on record in that transaction, too.

use std::sync::Arc;

use jiff::SignedDuration;
use stockade_platform::db::{DbResult, Tx};

use super::{
    apply::apply,
    facts::Fact,
    rules::{Match, matches, may_match},
    store,
};
use crate::{
    app::App,
    core::{audit::entries::Entry, bookkeeping::bookkeep, followers},
    http::error::ApiResult,
};

/// The cursor's name.
const FOLLOWER: &str = "incidents";
/// Longer than any rule's window.
const SIGNALS_KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Follows the log to its end; answers how many entries it read.
///
/// # Errors
/// When the database is away; the same entries are then read again.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    follow(app, |_| ()).await
}

async fn follow(app: &App, progress: impl Fn(usize)) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let Some(unread) = followers::unread(&app.core, FOLLOWER, may_match).await? else {
            return Ok(read);
        };
        read += unread.count();
        let found = Arc::new(look(&unread.entries)?);
        let this = app.clone();
        followers::settle_on_record(&app.core, FOLLOWER, unread.stretch, async move |tx: &mut Tx| {
            let now = this.clock.now();
            let mut said = Vec::new();
            for (fact, found) in found.iter() {
                said.extend(apply(&this, tx, fact, found, now).await?);
            }
            Ok(said)
        })
        .await?;
        progress(read);
    }
}

/// Throws away what was gathered and gathers it anew from the whole log; tells and answers how many entries were read. What
/// people did stays, nothing is told twice, and what was opened before keeps its id.
///
/// # Errors
/// When the database is away.
pub async fn rebuild(app: &App, progress: impl Fn(usize)) -> ApiResult<usize> {
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        tx.batch(store::forget_what_was_gathered()).await?;
        followers::begin_again(tx, FOLLOWER).await
    })
    .await?;
    follow(app, progress).await
}

/// Forgets events that never became an incident; answers how many there were.
pub async fn prune_signals(app: &App) -> ApiResult<usize> {
    let before = app.clock.now() - SIGNALS_KEPT;
    let dropped = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::drop_signals_before(before).run(tx).await
    })
    .await?;
    Ok(dropped as usize)
}

/// The entries that come under a rule. One that was erased says nothing any more.
fn look(entries: &[Entry]) -> DbResult<Vec<(Fact, Match)>> {
    let mut found = Vec::new();
    for entry in entries {
        if entry.payload.is_none() {
            continue;
        }
        let fact = Fact::of(entry.view()?);
        found.extend(matches(&fact).into_iter().map(|found| (fact.clone(), found)));
    }
    Ok(found)
}
