//! What each process does for its own streams: hands out the ticks it hears of, reads the market itself when it hears of
//! none, and closes the streams of sessions that have ended.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use stockade_platform::shared::Delivery;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, timeout},
};

use super::{CHANNEL, publish::of_now};
use crate::{app::App, features::auth};

/// Ticks that are missed before the market is read here.
const PATIENCE: u32 = 3;
/// A revocation is found this long after its instant, however late it was committed.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
/// How long the streams may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Hands out ticks until `stop` turns true. Every process runs it, whichever half it is.
pub async fn hand_out_ticks(app: App, mut stop: watch::Receiver<bool>) {
    let mut ticks = app.shared.subscribe(CHANNEL).await;
    let patience = app.config.market.tick * PATIENCE;
    let mut looks = interval(app.config.worker.poll);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looked_at = app.clock.now();
    while !*stop.borrow() {
        tokio::select! {
            heard = timeout(patience, ticks.next()) => hand_out(&app, heard.ok()),
            _ = looks.tick() => looked_at = close_ended(&app, looked_at).await,
            _ = stop.changed() => {}
        }
    }
    app.streams.hub.stop();
    let gone = async {
        while app.streams.open() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // Who has not gone by then is cut off.
    let _ = timeout(FAREWELL, gone).await;
}

fn hand_out(app: &App, heard: Option<Delivery>) {
    match heard {
        Some(Delivery::Message(message)) => match serde_json::from_slice(&message) {
            Ok(tick) => {
                app.streams.hub.hand_out(tick);
            }
            Err(error) => tracing::warn!(%error, "a tick cannot be read"),
        },
        Some(Delivery::Gap) | None => catch_up(app),
    }
}

/// Reads the market here and hands that out to this process's streams.
pub fn catch_up(app: &App) {
    app.streams.hub.hand_out(of_now(app));
}

/// Closes the streams of sessions that ended since the last look; answers when this look was, if it could look.
async fn close_ended(app: &App, looked_at: Timestamp) -> Timestamp {
    if app.streams.open() == 0 {
        return app.clock.now();
    }
    let now = app.clock.now();
    match auth::ended_sessions(app, looked_at - LEEWAY, now + LEEWAY).await {
        Ok(ended) => {
            if !ended.is_empty() {
                app.streams.hub.end(ended);
            }
            now
        }
        Err(error) => {
            tracing::warn!(%error, "ended sessions could not be read; this will be tried again");
            looked_at
        }
    }
}
