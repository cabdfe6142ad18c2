//! The only way out: a connector that looks a name up once, judges every address it got, and connects to one of those
//! and to nothing else. Whatever the name means a moment later (DNS rebinding) makes no difference.

use std::{
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper::{Uri, http::uri::Scheme};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::address::is_public;

/// Whether an address that is not public may be connected to all the same.
pub(super) type Allowed = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Connects to public addresses, and to those that were allowed.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) allowed: Allowed,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum GuardError {
    #[error("an address that is not public")]
    NotPublic,
    #[error("plain http to a public address")]
    Plain,
    #[error("not an address")]
    NoHost,
    #[error("the name could not be looked up")]
    Lookup(#[source] io::Error),
    #[error("no connection")]
    Connect(#[source] io::Error),
}

impl Service<Uri> for Guard {
    type Response = TokioIo<TcpStream>;
    type Error = GuardError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, GuardError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), GuardError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { this.connect(&to).await.map(TokioIo::new) })
    }
}

impl Guard {
    async fn connect(&self, to: &Uri) -> Result<TcpStream, GuardError> {
        let plain = to.scheme() == Some(&Scheme::HTTP);
        let host = to.host().ok_or(GuardError::NoHost)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = to.port_u16().unwrap_or(if plain { 80 } else { 443 });
        let found = tokio::net::lookup_host((host, port))
            .await
            .map_err(GuardError::Lookup)?;
        let found: Vec<SocketAddr> = found.collect();
        for address in &found {
            self.judge(address.ip(), plain)?;
        }
        let stream = TcpStream::connect(&*found).await.map_err(GuardError::Connect)?;
        stream.set_nodelay(true).map_err(GuardError::Connect)?;
        Ok(stream)
    }

    /// One bad address spoils the answer: a name that means both a public and a private address is no accident.
    fn judge(&self, address: IpAddr, plain: bool) -> Result<(), GuardError> {
        match ((self.allowed)(address), is_public(address)) {
            (true, _) => Ok(()),
            (false, false) => Err(GuardError::NotPublic),
            (false, true) if plain => Err(GuardError::Plain),
            (false, true) => Ok(()),
        }
    }
}

/// What the guard said, if it was the guard that stopped a request.
pub(super) fn verdict<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a GuardError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(verdict) = error.downcast_ref() {
            return Some(verdict);
        }
        next = error.source();
    }
    None
}
