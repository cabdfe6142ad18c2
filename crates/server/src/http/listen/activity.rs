//! What goes on on one connection: requests that run, and answers that their clients are to take.
//!
//! Invariant: an answer over HTTP/2 is handed on in parts, and only one part of it is out of our hands before the client
//! has made room for it. So it can be seen here when a client keeps a stream shut, whatever it does on others.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Version, header},
    response::Response,
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// The longest part that is handed on at once, in bytes: a frame of HTTP/2 as every client takes it (RFC 9113 §4.2).
const PART: usize = 16_384;

/// Requests begun and ended, and answers that wait.
#[derive(Default)]
pub(super) struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
    /// Whether they come in streams beside each other (HTTP/2).
    multiplexed: AtomicBool,
    /// How often it was asked which answers wait.
    round: AtomicU64,
    /// Answers with a part that the client has not made room for, by number of the request: since which round.
    waiting: Mutex<HashMap<u64, u64>>,
}

impl Activity {
    /// Requests that came so far.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Relaxed)
    }

    /// Whether no request ran since the last look, `seen`, or runs now.
    pub(super) fn is_idle_since(&self, seen: &mut u64) -> bool {
        let begun = self.begun();
        let none_new = std::mem::replace(seen, begun) == begun || begun == 0;
        none_new && self.ended.load(Relaxed) == begun
    }

    pub(super) fn is_going_on(&self) -> bool {
        self.ended.load(Relaxed) != self.begun()
    }

    pub(super) fn is_multiplexed(&self) -> bool {
        self.multiplexed.load(Relaxed)
    }

    /// Whether the client made no room for a part of some answer between the question before the last one and this one, so
    /// for at least the time that lies between two questions.
    pub(super) fn is_shut(&self) -> bool {
        let round = self.round.fetch_add(1, Relaxed);
        self.waiting().values().any(|since| *since < round)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, u64>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that runs.
pub(super) struct Running {
    activity: Arc<Activity>,
    number: u64,
    version: Version,
}

impl Running {
    pub(super) fn begin(activity: &Arc<Activity>, version: Version) -> Self {
        if version == Version::HTTP_2 {
            activity.multiplexed.store(true, Relaxed);
        }
        Self {
            number: activity.begun.fetch_add(1, Relaxed),
            activity: Arc::clone(activity),
            version,
        }
    }

    /// A request ends with its answer, but a stream of events, which watches over itself, only when all is told. What a client
    /// takes of an answer over HTTP/1.1 is seen by the system.
    pub(super) fn answer(self, answer: Response) -> Response {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let goes_on = kind == Some(&HeaderValue::from_static("text/event-stream"));
        if !goes_on && self.version != Version::HTTP_2 {
            return answer;
        }
        let (activity, number) = (Arc::clone(&self.activity), self.number);
        let running = goes_on.then_some(self);
        answer.map(|body| {
            Body::new(Parts {
                body,
                rest: Bytes::new(),
                activity,
                number,
                _running: running,
            })
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.activity.ended.fetch_add(1, Relaxed);
    }
}

/// The body of an answer, part by part. It is asked for the next part when there is room for the one before.
struct Parts {
    body: Body,
    rest: Bytes,
    activity: Arc<Activity>,
    number: u64,
    _running: Option<Running>,
}

impl Parts {
    fn hand_on(&mut self, mut data: Bytes) -> Frame<Bytes> {
        self.rest = data.split_off(data.len().min(PART));
        let round = self.activity.round.load(Relaxed);
        self.activity.waiting().insert(self.number, round);
        Frame::data(data)
    }

    fn has_room(&self) {
        self.activity.waiting().remove(&self.number);
    }
}

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.has_room();
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(self.hand_on(rest))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(frame.map(|frame| match frame?.into_data() {
            Ok(data) => Ok(self.hand_on(data)),
            Err(trailers) => Ok(trailers),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.has_room();
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use http_body_util::BodyExt as _;

    use super::*;

    fn answer(activity: &Arc<Activity>, version: Version, body: &[u8]) -> Response {
        let response = Response::new(Body::from(body.to_vec()));
        assert_eq!(response.status(), StatusCode::OK);
        Running::begin(activity, version).answer(response)
    }

    #[tokio::test]
    async fn an_answer_is_shut_when_nothing_of_it_is_taken_for_a_whole_round() {
        let activity = Arc::new(Activity::default());
        let long = vec![7; 3 * PART + 1];
        let mut slow = answer(&activity, Version::HTTP_2, &long).into_body();
        assert_eq!(slow.size_hint().exact(), Some(long.len() as u64));
        let mut taken = Vec::new();
        while let Some(part) = slow.frame().await {
            let part = part.unwrap().into_data().unwrap();
            assert!(part.len() <= PART);
            taken.extend_from_slice(&part);
            assert!(!activity.is_shut(), "a part in each round");
        }
        assert_eq!(taken, long);
        assert!(!activity.is_shut(), "all of it is taken");

        let mut shut = answer(&activity, Version::HTTP_2, b"x").into_body();
        assert!(!activity.is_shut(), "nobody asked for it");
        let _ = shut.frame().await;
        assert!(!activity.is_shut(), "the round has only begun");
        assert!(activity.is_shut());
        drop(shut);
        assert!(!activity.is_shut() && !activity.is_going_on());
    }

    #[tokio::test]
    async fn an_answer_over_http_1_stays_in_one_piece() {
        let activity = Arc::new(Activity::default());
        let long = vec![7; 2 * PART];
        let mut body = answer(&activity, Version::HTTP_11, &long).into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), long);
    }
}
