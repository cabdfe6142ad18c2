//! The follower: reads the log and writes a delivery for each webhook that wants an entry, in the transaction that moves
//! its cursor.

use std::sync::Arc;

use stockade_platform::{
    db::{DbResult, Tx},
    random,
};

use super::{
    message::{Message, takes},
    store::{self, Webhook},
};
use crate::{
    app::App,
    core::{
        audit::entries::{Entry, EntryView},
        followers,
    },
    http::error::ApiResult,
};

/// The cursor's name.
const FOLLOWER: &str = "webhooks";

/// Follows the log to its end; answers how many entries it read.
///
/// # Errors
/// When the database is away; the same entries are then read again.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let any = any_webhook(app).await?;
        let Some(unread) = followers::unread(&app.core, FOLLOWER, move |_| any).await? else {
            return Ok(read);
        };
        if !any && any_webhook(app).await? {
            // One was made meanwhile and may want some of these.
            continue;
        }
        read += unread.count();
        let views = unread
            .entries
            .iter()
            .map(Entry::view)
            .collect::<DbResult<Vec<_>>>()?;
        let (this, views) = (app.clone(), Arc::new(views));
        followers::settle(&app.core, FOLLOWER, unread.stretch, async move |tx: &mut Tx| {
            let now = this.clock.now();
            for webhook in store::all(tx).await? {
                for entry in views.iter().filter(|entry| wants(&webhook, entry)) {
                    store::enqueue(tx, random::uuid_v7(now), webhook.id, &Message::of(entry), now)?;
                }
            }
            Ok(())
        })
        .await?;
    }
}

/// Without one nothing need be opened.
async fn any_webhook(app: &App) -> DbResult<bool> {
    let webhooks: DbResult<Vec<Webhook>> = app.read(async |reader| store::all(reader).await).await;
    Ok(!webhooks?.is_empty())
}

/// What happened before it was made is not its business.
fn wants(webhook: &Webhook, entry: &EntryView) -> bool {
    webhook.disabled_at.is_none() && entry.at >= webhook.created_at && takes(&webhook.kinds, &entry.kind)
}
