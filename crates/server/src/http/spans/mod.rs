//! Spans: one a request, sent to a receiver of OpenTelemetry, so that a request can be followed through proxies and
//! programs. Off unless `observability.otlp_url` is set; then a request costs one span put into a bounded queue, and what
//! does not fit is dropped and counted, because watching must never hold up what is watched.
//!
//! A span holds method, route, status, code of a refusal and the request's id. It names nobody.

mod export;
mod parent;

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use axum::http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use stockade_platform::random;
use tokio::sync::mpsc;
use uuid::Uuid;

pub(crate) use self::export::export;
use crate::config::Observability;

/// Spans that may wait to be sent.
const QUEUE: usize = 4_096;

/// Where spans go.
pub struct Spans {
    queue: Option<mpsc::Sender<Span>>,
    /// Until the exporter takes it.
    waiting: Mutex<Option<mpsc::Receiver<Span>>>,
    per_thousand: u64,
    dropped: AtomicU64,
}

/// A request that is followed: its trace, itself, and who called it.
pub struct Trace {
    trace: [u8; 16],
    span: [u8; 8],
    parent: Option<[u8; 8]>,
}

/// What a request was, once it is answered.
pub struct Span {
    trace: Trace,
    method: Method,
    route: String,
    status: StatusCode,
    code: Option<&'static str>,
    request: Uuid,
    started: Timestamp,
    ended: Timestamp,
}

impl Spans {
    /// As the settings say.
    pub fn new(settings: &Observability) -> Self {
        let (queue, waiting) = match settings.otlp_url {
            Some(_) => {
                let (queue, waiting) = mpsc::channel(QUEUE);
                (Some(queue), Some(waiting))
            }
            None => (None, None),
        };
        Self {
            queue,
            waiting: Mutex::new(waiting),
            per_thousand: settings.otlp_per_thousand,
            dropped: AtomicU64::new(0),
        }
    }

    /// Begins to follow a request, unless none is followed or this one was not drawn. Whoever calls us with a
    /// `traceparent` names the trace (W3C Trace Context §3.2); the draw depends on the trace alone, so that programs with the
    /// same share follow the same requests.
    pub fn begin(&self, headers: &HeaderMap) -> Option<Trace> {
        self.queue.as_ref()?;
        let (trace, parent) = match parent::read(headers) {
            Some((trace, parent)) => (trace, Some(parent)),
            None => (random::bytes(), None),
        };
        let drawn = u64::from_be_bytes(trace[8..].try_into().expect("eight bytes")) % 1_000;
        (drawn < self.per_thousand).then(|| Trace {
            trace,
            span: random::bytes(),
            parent,
        })
    }

    /// Hands an answered request over.
    #[expect(clippy::too_many_arguments, reason = "they are what a span is made of")]
    pub fn end(
        &self,
        trace: Trace,
        method: &Method,
        route: Option<&str>,
        status: StatusCode,
        code: Option<&'static str>,
        request: Uuid,
        started: Timestamp,
        ended: Timestamp,
    ) {
        let Some(queue) = &self.queue else { return };
        let span = Span {
            trace,
            method: method.clone(),
            route: route.unwrap_or("unmatched").to_owned(),
            status,
            code,
            request,
            started,
            ended,
        };
        if queue.try_send(span).is_err() {
            self.dropped.fetch_add(1, Relaxed);
        }
    }

    /// How many were not sent.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    fn take_waiting(&self) -> Option<mpsc::Receiver<Span>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
