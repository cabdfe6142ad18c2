//! One stream from its handshake to its end. It waits for its own client only, and not for long.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt as _;
use stockade_domain::{ids::SessionId, symbol::Symbol};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::{
    hub::{Frames, Notice},
    protocol::{self, Goodbye, LONGEST, Said},
    seats::Seat,
};
use crate::app::App;

/// No right to read outlives its proof by more than this.
const LONGEST_LIFE: Duration = Duration::from_secs(3_600);
/// Messages that a client may send between two heartbeats.
const MESSAGES: u32 = 120;
/// How long a client may take to hang up.
const FAREWELL: Duration = Duration::from_secs(1);

/// How a stream ends.
enum End {
    /// The client is gone.
    Gone,
    /// We close it.
    Close(Goodbye),
}

struct Stream {
    app: App,
    socket: WebSocket,
    /// What is subscribed, sorted.
    symbols: Vec<Symbol>,
    /// The last tick that was sent.
    seq: u64,
    /// Messages since the last heartbeat.
    said: u32,
    /// Whether anything was heard since the last heartbeat.
    heard: bool,
}

/// Serves a stream until it ends.
pub(super) async fn talk(
    app: App,
    socket: WebSocket,
    session: SessionId,
    notices: Receiver<Notice>,
    seat: Seat,
) {
    let mut stream = Stream {
        app,
        socket,
        symbols: Vec::new(),
        seq: 0,
        said: 0,
        heard: true,
    };
    let Err(end) = stream.serve(session, notices).await;
    if let End::Close(goodbye) = end {
        stream.close(goodbye).await;
    }
    drop(seat);
}

impl Stream {
    async fn serve(
        &mut self,
        session: SessionId,
        mut notices: Receiver<Notice>,
    ) -> Result<std::convert::Infallible, End> {
        let mut heartbeats = interval(self.app.config.stream.heartbeat);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let old_at = Instant::now() + LONGEST_LIFE;
        (self.seq, _) = self.app.streams.hub.snapshot(&[]);
        loop {
            tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(Notice::Tick(frames)) => self.tell(&frames).await?,
                    Ok(Notice::Ended(sessions)) if sessions.contains(&session) => {
                        return Err(End::Close(protocol::SESSION_ENDED));
                    }
                    Ok(Notice::Ended(_)) => {}
                    Ok(Notice::Stopping) | Err(RecvError::Closed) => return Err(End::Close(protocol::STOPPING)),
                    Err(RecvError::Lagged(_)) => return Err(End::Close(protocol::TOO_SLOW)),
                },
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await?,
                    Some(Err(_)) | None => return Err(End::Gone),
                },
                _ = heartbeats.tick() => {
                    if Instant::now() >= old_at {
                        return Err(End::Close(protocol::RENEW));
                    }
                    self.beat().await?;
                }
            }
        }
    }

    /// Sends what moved, of what is subscribed, in one go.
    async fn tell(&mut self, frames: &Frames) -> Result<(), End> {
        // A snapshot has told it already.
        if frames.seq <= self.seq {
            return Ok(());
        }
        self.seq = frames.seq;
        let symbols = &self.symbols;
        let wanted = frames
            .quotes
            .iter()
            .filter(|(symbol, _)| symbols.binary_search(symbol).is_ok());
        let messages: Vec<Message> = wanted.map(|(_, text)| Message::Text(text.clone())).collect();
        self.send(messages).await
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        self.heard = true;
        self.said += 1;
        if self.said > MESSAGES {
            return Err(End::Close(protocol::TOO_MANY_MESSAGES));
        }
        match message {
            Message::Text(text) if text.len() > LONGEST => Err(End::Close(protocol::TOO_LONG)),
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(Said::Subscribe { symbols }) => self.subscribe(&symbols).await,
                Ok(Said::Unsubscribe { symbols }) => {
                    self.symbols
                        .retain(|known| !symbols.iter().any(|symbol| symbol == known.as_str()));
                    self.send_text(protocol::subscribed(&self.symbols)).await
                }
                Err(_) => {
                    self.send_text(protocol::error("stream.invalid_message", &[]))
                        .await
                }
            },
            Message::Binary(_) => Err(End::Close(protocol::NOT_TEXT)),
            // Pings are answered by the library.
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => {
                // The library has an answer ready.
                let _ = timeout(FAREWELL, self.socket.flush()).await;
                Err(End::Gone)
            }
        }
    }

    /// All of the symbols or none: then their prices as they stand, then each tick that follows.
    async fn subscribe(&mut self, asked: &[String]) -> Result<(), End> {
        let known = |text: &String| {
            let symbol: Symbol = text.parse().ok()?;
            self.app.market.asset(&symbol).map(|asset| asset.symbol)
        };
        let unknown: Vec<String> = asked
            .iter()
            .filter(|text| known(text).is_none())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return self
                .send_text(protocol::error("stream.unknown_symbol", &unknown))
                .await;
        }
        let mut symbols: Vec<Symbol> = asked
            .iter()
            .filter_map(known)
            .chain(self.symbols.iter().copied())
            .collect();
        symbols.sort_unstable();
        symbols.dedup();
        if symbols.len() > self.app.config.stream.symbols_per_connection {
            return self
                .send_text(protocol::error("stream.too_many_symbols", &[]))
                .await;
        }
        self.symbols = symbols;
        let (seq, quotes) = self.app.streams.hub.snapshot(&self.symbols);
        self.seq = seq;
        let first = Message::Text(protocol::subscribed(&self.symbols));
        let messages = std::iter::once(first).chain(quotes.into_iter().map(Message::Text));
        self.send(messages.collect()).await
    }

    /// Says that the stream is alive, and asks whether the client is.
    async fn beat(&mut self) -> Result<(), End> {
        if !self.heard {
            return Err(End::Close(protocol::SILENT));
        }
        (self.heard, self.said) = (false, 0);
        let alive = Message::Text(protocol::heartbeat(self.seq));
        self.send(vec![alive, Message::Ping(Default::default())]).await
    }

    async fn send_text(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.send(vec![Message::Text(text)]).await
    }

    async fn send(&mut self, messages: Vec<Message>) -> Result<(), End> {
        if messages.is_empty() {
            return Ok(());
        }
        let socket = &mut self.socket;
        let writing = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        match timeout(self.app.config.stream.slow_after, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(protocol::TOO_SLOW)),
        }
    }

    /// Says why, then waits for the client to hang up: closing at once could take the reason away with it.
    async fn close(mut self, Goodbye(code, reason): Goodbye) {
        let reason = Utf8Bytes::from_static(reason);
        let close = Message::Close(Some(CloseFrame { code, reason }));
        // What was sent before comes first, so a client that is slow is given its time once more.
        let told = timeout(self.app.config.stream.slow_after, self.socket.send(close)).await;
        if matches!(told, Ok(Ok(()))) {
            let gone = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = timeout(FAREWELL, gone).await;
        }
    }
}
