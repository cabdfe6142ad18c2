//! The limit to compare with: a hello-world of the same framework, on the same runtime, with the same allocator.

use axum::{Router, routing::get, serve::ListenerExt as _};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::failure::{Done, Failure};

/// The path that says hello.
pub(crate) const PATH: &str = "/hello";

/// Serves until SIGTERM.
pub(crate) fn serve() -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime
        .map_err(Failure::of("cannot start the runtime"))?
        .block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0")
                .await
                .map_err(Failure::of("cannot listen"))?;
            let address = listener.local_addr().map_err(Failure::of("cannot listen"))?;
            let mut stop = signal(SignalKind::terminate()).map_err(Failure::of("cannot wait for signals"))?;
            println!("listening on {address}");
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            let router = Router::new().route(PATH, get(async || "hello"));
            let served = axum::serve(listener, router).with_graceful_shutdown(async move {
                stop.recv().await;
            });
            served.await.map_err(Failure::of("cannot serve"))
        })
}
