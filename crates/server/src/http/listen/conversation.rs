//! One connection from its handshake to its end.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
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
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tower::Service as _;

use super::{
    activity::{Activity, Running},
    flow::{Flow, Watched},
};
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
    /// How long an answer may wait for a client that takes nothing of it. The system ends connections that have no room; this
    /// is for those that keep streams of HTTP/2 shut, which the system cannot know.
    pub(super) stall: Duration,
    /// How long the connection may be kept for further requests.
    pub(super) age: Duration,
    /// Turns true when the program stops.
    pub(super) stopped: watch::Receiver<bool>,
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
        let (router, peer, leave) = (self.router.clone(), ConnectInfo(self.peer), hang_up.clone());
        let counted = Arc::clone(&activity);
        let service = service_fn(move |mut request: Request<Incoming>| {
            let running = Running::begin(&counted, request.version());
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(leave.clone());
            let answering = router.clone().call(request.map(Body::new));
            async move {
                let answer = answering.await;
                answer.map(|answer| running.answer(answer))
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
        stalls.tick().await;
        let mut age = pin!(sleep(self.age));
        let mut leaving = Leaving::default();
        let mut seen = u64::MAX;
        let mut closing = false;
        loop {
            let close = tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, peer = %self.peer, "a connection ended early");
                    }
                    return;
                }
                () = hang_up.wanted() => return,
                _ = self.stopped.wait_for(|stopped| *stopped), if !closing => true,
                () = age.as_mut(), if !closing => true,
                _ = looks.tick(), if !closing => activity.is_idle_since(&mut seen),
                _ = stalls.tick() => {
                    let shut = activity.is_shut() && !flow.is_full();
                    if closing && (shut || leaving.is_refused(&activity, &flow)) {
                        tracing::debug!(peer = %self.peer, "a connection was cut off whose client takes nothing");
                        return;
                    }
                    shut
                }
            };
            if close && !closing {
                closing = true;
                stalls.reset();
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// What a client does that was told to make another connection for what it asks next.
#[derive(Default)]
struct Leaving {
    taken: u64,
    asked: Option<u64>,
}

impl Leaving {
    /// Whether it stays all the same: it takes nothing and nothing runs, or it still asks, which those who heard do not.
    fn is_refused(&mut self, activity: &Activity, flow: &Flow) -> bool {
        let before = std::mem::replace(&mut self.taken, flow.written());
        let begun = activity.begun();
        let asks = self.asked.replace(begun).is_some_and(|asked| asked < begun);
        let stalled = self.taken - before < PROGRESS && !flow.is_full() && !activity.is_going_on();
        // HTTP/1.1 ends with the answer that goes on, or never had a request.
        (activity.is_multiplexed() || begun == 0) && (stalled || asks)
    }
}
