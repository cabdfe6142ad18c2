//! Erasure: a person's data key is destroyed in the database and forgotten by every process.
//!
//! The database is the truth. Whoever erases says so in shared state, and every process then reads who was erased; it
//! also looks by itself every second, so that a lost message or a shared state that is away loses nothing.

use std::time::Duration;

use jiff::Timestamp;
use stockade_platform::{
    db::{DbResult, Reader, Writable},
    shared::{Delivery, Subscription},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{DataKeys, keep_erasures, store};
use crate::{app::App, core::change::Core};

/// Where erasures are announced. The message itself says nothing.
const CHANNEL: &str = "erasures";

/// How often a process looks by itself.
const INTERVAL: Duration = Duration::from_secs(1);

impl DataKeys {
    /// Destroys the key of `subject` in the transaction that erases the rest. Whoever calls it lets
    /// [`announce_erasure`] run after the commit.
    pub async fn destroy(&self, on: &mut impl Writable, subject: Uuid, now: Timestamp) -> DbResult<()> {
        store::erase(on, subject, now).await?;
        // What this unit still records must not be sealed with the dying key. If the unit is undone, the key is read
        // again.
        self.remembered.drop_key(subject);
        Ok(())
    }
}

/// Forgets who was just erased here, and tells the other processes to look.
pub async fn announce_erasure(app: &App, subject: Uuid) {
    app.core.keys.remembered.erase([subject]);
    if let Err(error) = app.shared.publish(CHANNEL, &b""[..]).await {
        tracing::warn!(%error, "an erasure could not be announced; other processes find it by themselves");
    }
}

/// Reads who was erased, if that has changed, and forgets their keys; answers how many it learned of.
///
/// # Errors
/// When the database cannot be read.
pub async fn learn_erasures(core: &Core) -> DbResult<usize> {
    let known = core.keys.remembered.erased_count();
    let erased = core
        .db
        .read(async move |reader: &mut Reader| {
            // Rows are only ever added, so an equal count means that nothing is new.
            if store::erased_count(reader).await? == known as i64 {
                return DbResult::Ok(Vec::new());
            }
            store::erased(reader).await
        })
        .await?;
    core.keys.remembered.erase(erased);
    Ok(core.keys.remembered.erased_count() - known)
}

/// Learns of erasures as they happen, until `stop` turns true. Every process runs it, whichever half it is.
pub async fn follow_erasures(app: App, mut stop: watch::Receiver<bool>) {
    let mut announced = app.shared.subscribe(CHANNEL).await;
    let mut kept = None;
    while !*stop.borrow() {
        if let Err(error) = learn_erasures(&app.core).await {
            tracing::warn!(%error, "erasures could not be read; this will be tried again");
        }
        let known = app.core.keys.remembered.erased_count();
        if kept != Some(known) {
            kept = keep(&app).await.then_some(known);
        }
        tokio::select! {
            () = next(&mut announced) => {}
            () = tokio::time::sleep(INTERVAL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Keeps the list of the erased beside the database, too; answers whether that is done.
async fn keep(app: &App) -> bool {
    let why = match keep_erasures(&app.core, &app.config.data_dir).await {
        Ok(Ok(_)) => return true,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(
        why,
        "the list of the erased could not be kept; this will be tried again"
    );
    false
}

async fn next(announced: &mut Subscription) {
    match announced.next().await {
        Delivery::Message(_) | Delivery::Gap => {}
    }
}
