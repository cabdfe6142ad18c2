//! Ticks, made by one process: whoever holds the lease reads the market every so often and publishes all prices.

use jiff::Timestamp;
use stockade_platform::{
    db::{DbResult, Tx},
    random,
};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;

use super::{
    CHANNEL,
    protocol::{Line, Tick},
};
use crate::{
    app::App,
    core::{bookkeeping::bookkeep, leases},
};

/// The lease's name.
const LEASE: &str = "ticks";

/// Publishes ticks until `stop` turns true, as long as this process holds the lease.
pub async fn publish_ticks(app: App, mut stop: watch::Receiver<bool>) {
    let holder = random::uuid_v7(app.clock.now());
    let mut turns = interval(app.config.market.tick);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut is_mine, mut renew_at) = (false, Instant::now());
    while !*stop.borrow() {
        tokio::select! {
            _ = turns.tick() => {}
            _ = stop.changed() => continue,
        }
        if Instant::now() >= renew_at {
            is_mine = hold(&app, holder).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the lease of the ticks will be tried again");
                false
            });
            renew_at = Instant::now() + leases::LIFE.unsigned_abs() / 3;
        }
        if is_mine {
            publish_tick(&app).await;
        }
    }
    let now = app.clock.now();
    let released = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::release(tx, LEASE, holder, now).await
    });
    if let Err(error) = released.await {
        tracing::warn!(%error, "the lease of the ticks was not given up; it ends by itself");
    }
}

/// Publishes the prices of this instant.
pub async fn publish_tick(app: &App) {
    let tick = of_now(app);
    let message = serde_json::to_vec(&tick).expect("plain data with text keys");
    if let Err(error) = app.shared.publish(CHANNEL, message).await {
        // Each process then reads the market itself.
        tracing::debug!(%error, "a tick could not be published");
    }
}

/// The prices of this instant.
pub(super) fn of_now(app: &App) -> Tick {
    let now = app.clock.now();
    let lines = app.market.assets().iter().filter_map(|asset| {
        let quote = app.market.quote(&asset.symbol, now)?;
        Some(Line {
            symbol: asset.symbol,
            bid: quote.bid(),
            ask: quote.ask(),
            last: quote.last(),
            at: quote.at(),
            delayed: app.market.is_delayed(&quote, now),
        })
    });
    Tick {
        seq: seq(now),
        lines: lines.collect(),
    }
}

fn seq(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

async fn hold(app: &App, holder: Uuid) -> DbResult<bool> {
    let now = app.clock.now();
    let epoch = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::hold(tx, LEASE, holder, now).await
    });
    Ok(epoch.await?.is_some())
}
