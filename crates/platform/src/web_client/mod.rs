//! Requests to other people's servers, whose addresses somebody outside may have chosen.
//!
//! Invariants: a connection goes to an address that was looked up once and judged public, or that was allowed by name
//! of its network; nothing else can be reached, by redirect or by rebinding. Public servers are spoken to in TLS only.
//! Every request ends in time, and no answer is longer than was allowed. Errors hold no address, since one may be
//! secret.

mod address;
mod guard;
mod request;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::IpAddr,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, StatusCode,
    header::{self, HeaderMap, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use url::Url;

use self::guard::{Guard, GuardError};
pub use self::{
    address::is_public,
    request::{WebRequest, WebResponse},
};
use crate::tls::{self, TlsError};

/// Connections kept open a server, and for how long.
const KEPT: usize = 4;
const KEPT_FOR: Duration = Duration::from_secs(30);
/// Bytes of an answer's headers.
const LONGEST_HEADERS: usize = 64 * 1024;

/// Who we say we are.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Stockade/", env!("CARGO_PKG_VERSION")));

/// Asks other people's servers. Cheap to clone; connections are shared and kept for a while.
#[derive(Clone)]
pub struct WebClient(Arc<Inner>);

struct Inner {
    guard: Guard,
    extra_roots: Vec<tls::Certificate>,
    /// Made at the first request, since reading the system's certificates takes a moment.
    client: OnceLock<Client<HttpsConnector<Guard>, Full<Bytes>>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Not an address that can be asked. Trying again does not help.
    #[error("not the address of a web server")]
    InvalidUrl,
    /// It leads to an address that is neither public nor allowed.
    #[error("the address is not public")]
    NotPublic,
    /// Public servers are spoken to in TLS only.
    #[error("the address is not encrypted")]
    Plain,
    /// No connection, no TLS, or one that broke. Trying again may help.
    #[error("the server could not be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It took longer than was allowed.
    #[error("the server took too long")]
    TooSlow,
    /// The answer is longer than was allowed.
    #[error("the answer is too long")]
    TooLong,
    /// More redirects than were to be followed.
    #[error("too many redirects")]
    TooManyRedirects,
    /// The certificates of authorities could not be read.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl WebClient {
    /// A client that trusts the system's certificate authorities and those in `ca_file` (PEM), and that may connect to
    /// addresses which are not public where `allowed` says so; to these also without TLS.
    ///
    /// # Errors
    /// [`WebError::Tls`] when `ca_file` cannot be read.
    pub fn new(
        ca_file: Option<&Path>,
        allowed: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
    ) -> Result<Self, WebError> {
        let extra_roots = ca_file.map(tls::certificates).transpose()?.unwrap_or_default();
        Ok(Self(Arc::new(Inner {
            guard: Guard {
                allowed: Arc::new(allowed),
            },
            extra_roots,
            client: OnceLock::new(),
        })))
    }

    /// Asks, and answers with whatever the server said.
    ///
    /// # Errors
    /// See [`WebError`].
    pub async fn send(&self, request: WebRequest) -> Result<WebResponse, WebError> {
        let time = request.time;
        tokio::time::timeout(time, self.follow(request))
            .await
            .unwrap_or(Err(WebError::TooSlow))
    }

    async fn follow(&self, mut request: WebRequest) -> Result<WebResponse, WebError> {
        let mut left = request.redirects;
        loop {
            let answer = self.ask(&request).await?;
            let Some(target) = redirect(&request, &answer)? else {
                return Ok(answer);
            };
            left = left.checked_sub(1).ok_or(WebError::TooManyRedirects)?;
            if target.origin() != request.url.origin() {
                request.headers.remove(header::AUTHORIZATION);
                request.headers.remove(header::COOKIE);
            }
            request.url = target;
        }
    }

    async fn ask(&self, request: &WebRequest) -> Result<WebResponse, WebError> {
        let mut asked = Request::new(Full::new(request.body.clone()));
        *asked.method_mut() = request.method.clone();
        *asked.uri_mut() = request.url.as_str().parse().map_err(|_| WebError::InvalidUrl)?;
        *asked.headers_mut() = headers(request);
        let answer = self.client()?.request(asked).await.map_err(of_client)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, request.longest)
            .collect()
            .await
            .map_err(of_body)?;
        Ok(WebResponse {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    }

    fn client(&self) -> Result<&Client<HttpsConnector<Guard>, Full<Bytes>>, WebError> {
        if let Some(client) = self.0.client.get() {
            return Ok(client);
        }
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::client(&self.0.extra_roots)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(self.0.guard.clone());
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_FOR)
            .pool_max_idle_per_host(KEPT)
            .http1_max_buf_size(LONGEST_HEADERS)
            .build(connector);
        Ok(self.0.client.get_or_init(|| client))
    }
}

impl fmt::Debug for WebClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebClient")
    }
}

fn headers(request: &WebRequest) -> HeaderMap {
    let mut headers = request.headers.clone();
    headers.entry(header::USER_AGENT).or_insert(USER_AGENT);
    headers
        .entry(header::ACCEPT)
        .or_insert(HeaderValue::from_static("*/*"));
    headers
}

/// Where an answer sends us, if we are to follow.
fn redirect(request: &WebRequest, answer: &WebResponse) -> Result<Option<Url>, WebError> {
    let moved = matches!(
        answer.status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = answer.headers.get(header::LOCATION).filter(|_| moved) else {
        return Ok(None);
    };
    if request.redirects == 0 || request.method != Method::GET {
        return Ok(None);
    }
    let target = location
        .to_str()
        .ok()
        .and_then(|location| request.url.join(location).ok());
    let target = request::checked(target.ok_or(WebError::InvalidUrl)?)?;
    // What was asked for in TLS is never asked for again without (ASVS 5.0 §12.2.1).
    if request.url.scheme() == "https" && target.scheme() != "https" {
        return Err(WebError::Plain);
    }
    Ok(Some(target))
}

fn of_client(error: hyper_util::client::legacy::Error) -> WebError {
    match guard::verdict(&error) {
        Some(GuardError::NotPublic) => WebError::NotPublic,
        Some(GuardError::Plain) => WebError::Plain,
        Some(GuardError::NoHost) => WebError::InvalidUrl,
        Some(GuardError::Lookup(_) | GuardError::Connect(_)) | None => WebError::Unreachable(error.into()),
    }
}

fn of_body(error: Box<dyn std::error::Error + Send + Sync>) -> WebError {
    if error.is::<LengthLimitError>() {
        return WebError::TooLong;
    }
    WebError::Unreachable(error)
}
