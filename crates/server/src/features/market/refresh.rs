//! What each process does for a feed that lies in the database: reads what has changed into memory.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    db::{DbResult, Reader},
    market::{MarketFeed, Stored},
};
use tokio::sync::watch;

use super::store;
use crate::{app::App, http::error::ApiResult};

/// A quote is found this long after its arrival, however late it was committed.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Reads listings, bars and quotes as they change, until `stop` turns true. A feed of its own prices needs nothing.
pub async fn follow_prices(app: App, mut stop: watch::Receiver<bool>) {
    let MarketFeed::Stored(stored) = &app.market else {
        return;
    };
    let (mut version, mut since) = (-1, Timestamp::UNIX_EPOCH);
    while !*stop.borrow() {
        let now = app.clock.now();
        match read(&app, stored, version, since).await {
            Ok(found) => (version, since) = (found, now - LEEWAY),
            Err(error) => tracing::warn!(%error, "prices could not be read; this will be tried again"),
        }
        tokio::select! {
            () = tokio::time::sleep(app.config.market.tick.min(LONGEST_PAUSE)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Reads everything anew.
///
/// # Errors
/// When the database is away.
pub async fn refresh(app: &App) -> ApiResult<()> {
    if let MarketFeed::Stored(stored) = &app.market {
        read(app, stored, -1, Timestamp::UNIX_EPOCH).await?;
    }
    Ok(())
}

/// Reads listings and bars unless they are of this version, and quotes that came since; answers the version.
async fn read(app: &App, stored: &Stored, version: i64, since: Timestamp) -> DbResult<i64> {
    let (found, changed, quotes) = app
        .read(async move |reader: &mut Reader| -> DbResult<_> {
            let found = store::version(reader).await?;
            let changed = if found == version {
                None
            } else {
                Some((store::listings(reader).await?, store::bars(reader).await?))
            };
            Ok((found, changed, store::quotes_since(reader, since).await?))
        })
        .await?;
    if let Some((listings, bars)) = changed {
        stored.replace(listings, bars);
    }
    stored.take_in(quotes);
    Ok(found)
}
