//! Layer 1: accepts connections, with TLS where it ends here, and serves them until told to stop; then finishes what is in
//! flight.
//!
//! Connections are bounded in number, in all and from each address. One that takes too long over its handshake or a
//! request's head, takes nothing of an answer, has no request for too long, or is old, is closed. Streams that HTTP/2 clients
//! open and reset at once (CVE-2023-44487), and heads that they never end, end the connection; the library counts those.

mod activity;
mod connections;
mod conversation;
mod flow;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};
use stockade_platform::{socket, tls_server::TlsServer};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{interval, timeout},
};

use self::{connections::Connections, conversation::Conversation};
use crate::config::Server;

/// Longest request head, in bytes. Beyond it, or beyond 100 header lines, the answer is 431.
const HEAD: usize = 32 * 1024;
/// Requests at once on one connection (HTTP/2).
const STREAMS: u32 = 100;
/// How often the files of the certificate are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Serves `router` on `listener`, with TLS if it is given, until `stop` resolves.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    server: &Server,
    tls: Option<TlsServer>,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(server);
    let builder = Arc::new(builder(server));
    let (stopping, stopped) = watch::channel(false);
    let mut conversations = JoinSet::new();
    let mut looks = interval(LOOK);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = conversations.join_next() => continue,
            _ = looks.tick(), if tls.is_some() => {
                refresh(tls.as_ref());
                continue;
            }
            () = &mut stop => break,
        };
        let (stream, peer): (_, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: the clients that wait are served once others have gone.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(seat) = connections.admit(peer.ip(), &server.trusted_proxies) else {
            // Dropping the stream closes it.
            continue;
        };
        let _ = stream.set_nodelay(true);
        if let Err(error) = socket::cut_off_after(&stream, server.write_timeout) {
            tracing::warn!(%error, "a client that takes nothing cannot be cut off");
        }
        let conversation = Conversation {
            builder: Arc::clone(&builder),
            router: router.clone(),
            peer,
            handshake: server.header_timeout,
            idle: server.idle_timeout,
            stall: server.write_timeout,
            age: server.connection_age,
            stopped: stopped.clone(),
        };
        let tls = tls.clone();
        conversations.spawn(async move {
            conversation.hold(stream, tls).await;
            drop(seat);
        });
    }
    drop(listener);
    // Nobody listens when no connection is left.
    let _ = stopping.send(true);
    let finished = async { while conversations.join_next().await.is_some() {} };
    if timeout(server.drain_timeout, finished).await.is_err() {
        tracing::warn!("requests still in flight were cut off");
    }
}

fn builder(server: &Server) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(server.header_timeout)
        .max_buf_size(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEAD as u32)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(server.idle_timeout)
        .keep_alive_timeout(server.header_timeout);
    builder
}

fn refresh(tls: Option<&TlsServer>) {
    match tls.map(TlsServer::refresh) {
        Some(Ok(true)) => tracing::info!("TLS goes on with a new certificate"),
        Some(Err(error)) => tracing::warn!(%error, "TLS goes on with the certificate it has"),
        Some(Ok(false)) | None => {}
    }
}
