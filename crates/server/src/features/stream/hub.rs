//! The hub hands each tick to every stream of this process: encoded once, shared by all. It waits for nobody; who lies
//! too far behind finds that out by itself.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::extract::ws::Utf8Bytes;
use stockade_domain::{ids::SessionId, symbol::Symbol};
use tokio::sync::broadcast;

use super::protocol::{self, Line, Tick};

/// Ticks that a stream may lie behind.
const BACKLOG: usize = 64;

/// What every stream is told.
#[derive(Clone, Debug)]
pub(super) enum Notice {
    /// Prices moved.
    Tick(Arc<Frames>),
    /// These sessions have ended.
    Ended(Arc<HashSet<SessionId>>),
    /// The program stops.
    Stopping,
}

/// A tick, ready to be sent.
#[derive(Debug)]
pub(super) struct Frames {
    pub(super) seq: u64,
    /// What moved, sorted by symbol.
    pub(super) quotes: Vec<(Symbol, Utf8Bytes)>,
}

/// See the module.
pub(super) struct Hub {
    notices: broadcast::Sender<Notice>,
    latest: Mutex<Latest>,
}

/// What was handed out last.
#[derive(Default)]
struct Latest {
    seq: u64,
    quotes: BTreeMap<Symbol, (Line, Utf8Bytes)>,
}

impl Hub {
    pub(super) fn new() -> Self {
        Self {
            notices: broadcast::Sender::new(BACKLOG),
            latest: Mutex::default(),
        }
    }

    /// Whatever happens from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Hands out what moved since the tick before; a tick that is not newer is nothing. Answers how many quotes moved.
    pub(super) fn hand_out(&self, tick: Tick) -> usize {
        let mut latest = self.latest();
        if tick.seq <= latest.seq {
            return 0;
        }
        latest.seq = tick.seq;
        let mut quotes = Vec::with_capacity(tick.lines.len());
        for line in tick.lines {
            let known = latest.quotes.get(&line.symbol);
            if known.is_some_and(|(known, _)| *known == line) {
                continue;
            }
            let text = protocol::quote(tick.seq, &line);
            quotes.push((line.symbol, text.clone()));
            latest.quotes.insert(line.symbol, (line, text));
        }
        quotes.sort_unstable_by_key(|(symbol, _)| *symbol);
        let moved = quotes.len();
        // Still locked, so that a snapshot and the ticks that follow it neither overlap nor leave a gap. An error means
        // that nobody listens.
        let _ = self.notices.send(Notice::Tick(Arc::new(Frames {
            seq: tick.seq,
            quotes,
        })));
        moved
    }

    /// Closes the streams of sessions that have ended.
    pub(super) fn end(&self, sessions: HashSet<SessionId>) {
        let _ = self.notices.send(Notice::Ended(Arc::new(sessions)));
    }

    /// Closes all streams.
    pub(super) fn stop(&self) {
        let _ = self.notices.send(Notice::Stopping);
    }

    /// Where the ticks stand, and what was handed out last of these symbols.
    pub(super) fn snapshot(&self, symbols: &[Symbol]) -> (u64, Vec<Utf8Bytes>) {
        let latest = self.latest();
        let text = |symbol| latest.quotes.get(symbol).map(|(_, text)| text.clone());
        (latest.seq, symbols.iter().filter_map(text).collect())
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use stockade_domain::price::Price;

    use super::*;

    fn tick(seq: u64, prices: &[(&str, i64)]) -> Tick {
        let line = |(symbol, cents): &(&str, i64)| Line {
            symbol: symbol.parse().unwrap(),
            bid: Price::from_micros(cents * 10_000),
            ask: Price::from_micros(cents * 10_000),
            last: Price::from_micros(cents * 10_000),
            at: Timestamp::UNIX_EPOCH,
            delayed: false,
        };
        Tick {
            seq,
            lines: prices.iter().map(line).collect(),
        }
    }

    #[test]
    fn only_what_moved_is_handed_out_and_never_an_older_tick() {
        let hub = Hub::new();
        assert_eq!(hub.hand_out(tick(1, &[("KO", 10), ("GE", 20)])), 2);
        assert_eq!(hub.hand_out(tick(2, &[("KO", 11), ("GE", 20)])), 1);
        assert_eq!(hub.hand_out(tick(2, &[("KO", 12)])), 0);
        assert_eq!(hub.hand_out(tick(1, &[("KO", 12)])), 0);
        let (seq, quotes) = hub.snapshot(&["GE".parse().unwrap(), "KO".parse().unwrap()]);
        assert_eq!((seq, quotes.len()), (2, 2));
        assert!(quotes[0].contains("\"seq\":1") && quotes[1].contains("\"0.11\""));
    }

    #[test]
    fn who_listens_gets_every_tick_after_the_snapshot() {
        let hub = Hub::new();
        hub.hand_out(tick(1, &[("KO", 10)]));
        let mut listener = hub.listen();
        hub.hand_out(tick(2, &[("KO", 11)]));
        let Ok(Notice::Tick(frames)) = listener.try_recv() else {
            panic!("no tick")
        };
        assert_eq!((frames.seq, frames.quotes.len()), (2, 1));
    }
}
