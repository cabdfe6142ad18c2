//! One stream at work: waits for what comes, reads it from the log, and tells it as long as its listener may hear it.

use std::{sync::Arc, time::Duration};

use axum::body::Bytes;
use stockade_platform::db::Reader;
use tokio::{
    sync::{broadcast, mpsc, watch},
    time::{MissedTickBehavior, interval, timeout},
};

use super::{HangUp, Tell, Told, Whose};
use crate::{
    app::App,
    core::{
        actor::SignedIn,
        audit::{
            entries::{self, Entry},
            tail::{self, Stretch},
        },
    },
    http::error::ApiResult,
    security::authentication::{Look, is_still_signed_in},
};

/// Entries read at once: of everybody's, and of the log in search of one person's.
const BATCH: u64 = 200;
const LONG_BATCH: u64 = 10_000;
/// How often shared state is asked whether the session still lives.
const GLANCE: Duration = Duration::from_secs(1);
/// When a client should come back, in milliseconds.
const RETRY: u32 = 2_000;

/// A stream.
pub(super) struct Teller {
    pub(super) app: App,
    pub(super) user: SignedIn,
    pub(super) whose: Whose,
    pub(super) tell: Tell,
    /// The number of the entry that is looked at next.
    pub(super) next: u64,
    pub(super) frames: mpsc::Sender<Bytes>,
    pub(super) hang_up: Option<HangUp>,
}

/// Why a stream ends.
enum End {
    /// The client went away, or the program stops.
    Gone,
    /// Its session ended.
    SignedOut,
    /// It took nothing for too long.
    Slow,
    /// The log cannot be read; the client comes back.
    Fault,
}

impl Teller {
    /// Tells until there is a reason not to. `size` is how far the log went when it began.
    pub(super) async fn run(mut self, news: broadcast::Receiver<Arc<Stretch>>, size: u64) {
        let end = match self.listen(news, size).await {
            Ok(()) => return,
            Err(end) => end,
        };
        match end {
            End::Gone => {}
            End::SignedOut => {
                let said = "event: end\ndata: {\"code\":\"token.revoked\"}\n\n";
                let _ = self.frames.try_send(Bytes::from_static(said.as_bytes()));
            }
            End::Slow => {
                tracing::info!(user = %self.user.id, "a stream was cut off whose client takes nothing");
                if let Some(hang_up) = &self.hang_up {
                    hang_up.now();
                }
            }
            End::Fault => tracing::warn!("a stream was ended because the log cannot be read"),
        }
    }

    async fn listen(&mut self, mut news: broadcast::Receiver<Arc<Stretch>>, size: u64) -> Result<(), End> {
        let mut closing = self.app.listeners.closing();
        let mut glances = interval(GLANCE);
        let mut beats = interval(self.app.listeners.settings().heartbeat);
        glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once, and `hello` stands for it.
        beats.tick().await;
        self.send(format!("retry: {RETRY}\n{}: hello\n\n", self.position()))
            .await?;
        self.advance(size).await?;
        loop {
            tokio::select! {
                heard = news.recv() => match heard {
                    Ok(stretch) => self.hear(&stretch).await?,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(broadcast::error::RecvError::Closed) => return Err(End::Gone),
                },
                _ = glances.tick() => self.check(Look::Glance).await?,
                _ = beats.tick() => {
                    self.check(Look::Closer).await?;
                    self.catch_up().await?;
                    self.send(format!("{}: heartbeat\n\n", self.position())).await?;
                }
                () = turned(&mut closing) => return Err(End::Gone),
                () = self.frames.closed() => return Err(End::Gone),
            }
        }
    }

    async fn hear(&mut self, stretch: &Stretch) -> Result<(), End> {
        let follows = stretch.from <= self.next;
        let concerns = match self.whose {
            Whose::Everybodys => true,
            Whose::Of(person) => stretch.concerns(person.as_uuid()),
        };
        if follows && !concerns {
            self.next = self.next.max(stretch.to);
            return Ok(());
        }
        self.advance(stretch.to).await
    }

    async fn catch_up(&mut self) -> Result<(), End> {
        let size = tail::size(&self.app.core).await.map_err(|_| End::Fault)?;
        self.advance(size).await
    }

    /// Tells what there is to tell before the entry numbered `to`.
    async fn advance(&mut self, to: u64) -> Result<(), End> {
        while self.next < to {
            let batch = match self.whose {
                Whose::Everybodys => BATCH,
                Whose::Of(_) => LONG_BATCH,
            };
            let until = to.min(self.next.saturating_add(batch));
            let found = self.read(until).await.map_err(|_| End::Fault)?;
            self.check(Look::Glance).await?;
            for (seq, told) in found {
                let Told { event, data } = told;
                self.send(format!("id: {seq}\nevent: {event}\ndata: {data}\n\n"))
                    .await?;
            }
            self.next = until;
        }
        Ok(())
    }

    async fn read(&self, until: u64) -> ApiResult<Vec<(u64, Told)>> {
        let (core, from, whose) = (Arc::clone(&self.app.core), self.next, self.whose);
        let entries: Vec<Entry> = self
            .app
            .read(async move |reader: &mut Reader| match whose {
                Whose::Everybodys => entries::from(reader, &core.keys, from, (until - from) as i64).await,
                Whose::Of(person) => {
                    entries::about_between(reader, &core.keys, person.as_uuid(), from, until).await
                }
            })
            .await?;
        let mut found = Vec::new();
        for entry in entries {
            if let Some(told) = (self.tell)(entry.view()?)? {
                found.push((entry.seq, told));
            }
        }
        Ok(found)
    }

    async fn check(&self, look: Look) -> Result<(), End> {
        match is_still_signed_in(&self.app, &self.user, look).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(End::SignedOut),
            Err(_) => Err(End::Fault),
        }
    }

    /// The line that moves the client's place past everything looked at, told or not; it comes without an event.
    fn position(&self) -> String {
        match self.next.checked_sub(1) {
            Some(last) => format!("id: {last}\n"),
            None => String::new(),
        }
    }

    async fn send(&self, frame: String) -> Result<(), End> {
        match timeout(self.app.listeners.settings().slow, self.frames.send(frame.into())).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Slow),
        }
    }
}

async fn turned(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}
