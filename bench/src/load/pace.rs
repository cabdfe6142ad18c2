//! When each connection sends, and which answers count.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::chance::Chance;

/// How requests follow each other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// Each connection sends as soon as it has its answer.
    Closed,
    /// So many a second over all connections, at random times.
    Open(f64),
}

/// How long a load lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// A window in time.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: Instant,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
}

impl Window {
    /// The window that begins now.
    pub(crate) fn starting_now(self) -> Span {
        let start = Instant::now();
        let from = start + self.warm_up;
        Span {
            start,
            from,
            until: from + self.measured,
        }
    }
}

/// One connection's plan.
pub(super) struct Schedule {
    span: Span,
    arrivals: Option<Arrivals>,
}

struct Arrivals {
    chance: Chance,
    mean: Duration,
    next: Instant,
}

impl Schedule {
    /// The plan of connection `number` of `count`.
    pub(super) fn new(pace: Pace, span: Span, number: usize, count: usize) -> Self {
        let arrivals = match pace {
            Pace::Closed => None,
            Pace::Open(per_second) => {
                let mut chance = Chance::new(number as u64);
                let mean = Duration::from_secs_f64(count as f64 / per_second);
                let next = span.start + chance.gap(mean);
                Some(Arrivals { chance, mean, next })
            }
        };
        Self { span, arrivals }
    }

    /// Waits until the next request is due and answers when it was due; none after the end of the window.
    pub(super) async fn next(&mut self) -> Option<Instant> {
        let due = match &mut self.arrivals {
            None => Instant::now(),
            Some(Arrivals { chance, mean, next }) => {
                let due = *next;
                *next = due + chance.gap(*mean);
                due
            }
        };
        if due >= self.span.until {
            return None;
        }
        if self.arrivals.is_some() {
            sleep_until(due).await;
        }
        Some(due)
    }

    pub(super) fn end(&self) -> Instant {
        self.span.until
    }

    /// In a closed loop what is answered within the window counts; at a fixed rate what is due within it, however late
    /// the answer comes.
    pub(super) fn is_measured(&self, due: Instant, answered: Instant) -> bool {
        let at = if self.arrivals.is_some() { due } else { answered };
        self.span.from <= at && at < self.span.until
    }
}
