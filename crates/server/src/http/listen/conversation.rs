//! One connection from its handshake to its end.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Version, header},
    response::Response,
};
use futures_util::StreamExt as _;
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use stockade_platform::tls_server::TlsServer;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::{MissedTickBehavior, interval, timeout},
};
use tower::{Layer as _, Service as _};

use super::flow::{Flow, Watched};
use crate::http::stream::HangUp;

/// Fewer bytes than these in the time for no progress are none: a client of HTTP/2 that takes no answers may still keep
/// up a talk of pings.
const PROGRESS: u64 = 1_024;

/// What a connection needs to be served.
pub(super) struct Conversation {
    pub(super) builder: Arc<Builder<TokioExecutor>>,
    pub(super) router: Router,
    pub(super) peer: SocketAddr,
    /// How long the TLS handshake may take.
    pub(super) handshake: Duration,
    /// How long the connection may stay without a request.
    pub(super) idle: Duration,
    /// How long a connection that is to end may go on without taking anything. The system ends those that have no room;
    /// this is for those that keep streams of HTTP/2 shut, which the system cannot know.
    pub(super) stall: Duration,
    /// Turns true when the program stops.
    pub(super) stopped: watch::Receiver<bool>,
}

/// Requests begun and ended.
#[derive(Default)]
struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
    /// Whether they come in streams beside each other (HTTP/2).
    multiplexed: AtomicBool,
}

impl Conversation {
    /// Serves the connection until it ends.
    pub(super) async fn hold(self, stream: TcpStream, tls: Option<TlsServer>) {
        let Some(tls) = tls else {
            return self.talk(stream).await;
        };
        match timeout(self.handshake, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.talk(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, peer = %self.peer, "no TLS"),
            Err(_) => tracing::debug!(peer = %self.peer, "a TLS handshake took too long"),
        }
    }

    async fn talk(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let activity = Arc::new(Activity::default());
        let hang_up = HangUp::default();
        let router = Extension(ConnectInfo(self.peer)).layer(self.router.clone());
        let router = Extension(hang_up.clone()).layer(router);
        let counted = Arc::clone(&activity);
        let service = service_fn(move |request: Request<Incoming>| {
            let running = Running::begin(&counted);
            if request.version() == Version::HTTP_2 {
                counted.multiplexed.store(true, Relaxed);
            }
            let answering = router.clone().call(request.map(Body::new));
            async move {
                let answer = answering.await;
                answer.map(|answer| running.until_told(answer))
            }
        });
        let flow = Arc::new(Flow::default());
        let stream = Watched::new(stream, Arc::clone(&flow));
        let connection = self
            .builder
            .serve_connection_with_upgrades(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let mut looks = interval(self.idle);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once.
        looks.tick().await;
        let mut stalls = interval(self.stall);
        stalls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut taken = 0;
        let mut seen = u64::MAX;
        let mut closing = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, peer = %self.peer, "a connection ended early");
                    }
                    return;
                }
                () = hang_up.wanted() => return,
                _ = self.stopped.wait_for(|stopped| *stopped), if !closing => {
                    closing = true;
                    stalls.reset();
                    connection.as_mut().graceful_shutdown();
                }
                _ = looks.tick(), if !closing => {
                    if activity.is_idle_since(&mut seen) {
                        closing = true;
                        stalls.reset();
                        connection.as_mut().graceful_shutdown();
                    }
                }
                _ = stalls.tick(), if closing => {
                    let before = std::mem::replace(&mut taken, flow.written());
                    let stalled = taken - before < PROGRESS && !flow.is_full();
                    if stalled && activity.is_multiplexed() && !activity.is_going_on() {
                        tracing::debug!(peer = %self.peer, "a connection was cut off whose client takes nothing");
                        return;
                    }
                }
            }
        }
    }
}

impl Activity {
    /// Whether no request ran since the last look, `seen`, or runs now.
    fn is_idle_since(&self, seen: &mut u64) -> bool {
        let begun = self.begun.load(Relaxed);
        let none_new = std::mem::replace(seen, begun) == begun || begun == 0;
        none_new && self.ended.load(Relaxed) == begun
    }

    fn is_going_on(&self) -> bool {
        self.ended.load(Relaxed) != self.begun.load(Relaxed)
    }

    fn is_multiplexed(&self) -> bool {
        self.multiplexed.load(Relaxed)
    }
}

/// A request that runs.
struct Running(Arc<Activity>);

impl Running {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.begun.fetch_add(1, Relaxed);
        Self(Arc::clone(activity))
    }

    /// A request ends with its answer, but a stream of events, which watches over itself, only when all is told.
    fn until_told(self, answer: Response) -> Response {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        if kind != Some(&HeaderValue::from_static("text/event-stream")) {
            return answer;
        }
        answer.map(|body| {
            let told = body.into_data_stream().map(move |chunk| {
                let _going_on = &self;
                chunk
            });
            Body::from_stream(told)
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Relaxed);
    }
}
