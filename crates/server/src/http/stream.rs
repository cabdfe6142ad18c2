//! Server-sent events: entries of the audit log as they come, told to somebody who stays connected (HTML, "Server-sent
//! events"; media type `text/event-stream`).
//!
//! Invariants: an event's id is its number in the log, so whoever comes back with `Last-Event-ID`, at any instance, gets
//! what follows it, without a gap and nothing twice. Events are read from the log when the client can take them; nothing
//! piles up for a slow one, and one that takes nothing for too long is cut off. A stream ends when its session does, and
//! how many are open is bounded, in all and for each person.

mod seats;
mod teller;

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::stream::unfold;
use serde::Serialize;
use stockade_domain::ids::UserId;
use tokio::sync::mpsc;

pub use self::seats::{HangUp, Listeners, Seat};
use self::teller::Teller;
use crate::{
    app::App,
    core::{
        actor::SignedIn,
        audit::{entries::EntryView, tail},
    },
    http::error::{ApiError, ApiResult, Problem},
};

/// Where a client says what it got last.
const LAST_EVENT_ID: &str = "last-event-id";
/// Frames that wait for the client at most.
const WAITING: usize = 8;

/// Which entries are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All.
    Everybodys,
    /// Those about one person.
    Of(UserId),
}

/// An entry as a listener is told it.
pub struct Told {
    event: &'static str,
    data: String,
}

impl Told {
    /// Under this name, with this as JSON.
    ///
    /// # Errors
    /// A fault when it has no JSON form.
    pub fn new(event: &'static str, data: &impl Serialize) -> ApiResult<Self> {
        let data =
            serde_json::to_string(data).map_err(|error| ApiError::Fault(format!("no JSON form: {error}")))?;
        Ok(Self { event, data })
    }
}

/// Chooses what is told of an entry, if anything.
pub type Tell = Box<dyn Fn(EntryView) -> ApiResult<Option<Told>> + Send + Sync>;

/// Somebody who wants to listen: who they are, and what they got last.
pub struct Listener {
    /// Who listens.
    pub user: SignedIn,
    last: Option<u64>,
    hang_up: Option<HangUp>,
}

impl FromRequestParts<App> for Listener {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let user = SignedIn::from_request_parts(parts, app).await?;
        let last = match parts.headers.get(LAST_EVENT_ID) {
            None => None,
            Some(id) => Some(read(id).ok_or_else(unknown_id)?),
        };
        let hang_up = parts.extensions.get::<HangUp>().cloned();
        Ok(Self { user, last, hang_up })
    }
}

impl Listener {
    /// Answers with the stream: what follows the entry that the client got last, be it named by `Last-Event-ID` or by
    /// `after`; without either, what comes from now on.
    ///
    /// # Errors
    /// 429 or 503 when too many streams are open.
    pub async fn follow(
        self,
        app: &App,
        after: Option<u64>,
        whose: Whose,
        tell: Tell,
    ) -> ApiResult<Response> {
        let seat = app.listeners.take_seat(self.user.id)?;
        let news = app.tail.listen(&app.core, app.config.worker.poll);
        let size = tail::size(&app.core).await?;
        let last = self.last.or(after);
        // A log that was restored from a copy may be shorter than what the client has seen of it.
        let next = last.map_or(size, |last| last.saturating_add(1).min(size));
        let (frames, waiting) = mpsc::channel(WAITING);
        let teller = Teller {
            app: app.clone(),
            user: self.user,
            whose,
            tell,
            next,
            frames,
            hang_up: self.hang_up,
        };
        tokio::spawn(async move {
            teller.run(news, size).await;
            drop(seat);
        });
        Ok(answer(waiting))
    }
}

fn answer(waiting: mpsc::Receiver<Bytes>) -> Response {
    let next = async |mut waiting: mpsc::Receiver<Bytes>| {
        let frame = waiting.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(frame), waiting))
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        ),
        // Proxies such as nginx would collect frames.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (headers, Body::from_stream(unfold(waiting, next))).into_response()
}

fn read(id: &HeaderValue) -> Option<u64> {
    id.to_str().ok()?.trim().parse().ok()
}

fn unknown_id() -> Problem {
    let detail = "Last-Event-ID is the id of an event that this stream sent: a number";
    Problem::unprocessable("stream.unknown_id", detail)
}
