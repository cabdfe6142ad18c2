//! What is asked, within which limits, and what came back.

use std::time::Duration;

use bytes::Bytes;
use hyper::{
    HeaderMap, Method, StatusCode,
    header::{HeaderName, HeaderValue},
};
use url::Url;

use super::WebError;

/// A request with its limits. Without further words: 10 seconds, an answer of 1 MiB, no redirects.
#[derive(Clone)]
pub struct WebRequest {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) time: Duration,
    pub(super) longest: usize,
    pub(super) redirects: u8,
}

/// An answer, whole. A redirect that was not to be followed is an answer, too.
#[derive(Clone, Debug)]
pub struct WebResponse {
    /// Whatever it was; 404 and 500 are answers as well.
    pub status: StatusCode,
    /// As they came.
    pub headers: HeaderMap,
    /// Not longer than was allowed.
    pub body: Bytes,
}

impl WebRequest {
    /// Asks for what lies at an address.
    ///
    /// # Errors
    /// [`WebError::InvalidUrl`] unless it is http or https with a host and without a password.
    pub fn get(url: &str) -> Result<Self, WebError> {
        Self::new(Method::GET, url, Bytes::new())
    }

    /// Sends a body.
    ///
    /// # Errors
    /// As [`WebRequest::get`].
    pub fn post(url: &str, body: impl Into<Bytes>) -> Result<Self, WebError> {
        Self::new(Method::POST, url, body.into())
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// How long everything may take, from the look-up to the last byte.
    pub fn within(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// How many bytes the body of the answer may have.
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.longest = bytes;
        self
    }

    /// How many redirects of a GET may be followed. Each goes through the same guard; credentials stay behind when it
    /// leaves the origin.
    pub fn following(mut self, redirects: u8) -> Self {
        self.redirects = redirects;
        self
    }

    /// The host that is asked.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    fn new(method: Method, url: &str, body: Bytes) -> Result<Self, WebError> {
        Ok(Self {
            method,
            url: checked(Url::parse(url).map_err(|_| WebError::InvalidUrl)?)?,
            headers: HeaderMap::new(),
            body,
            time: Duration::from_secs(10),
            longest: 1 << 20,
            redirects: 0,
        })
    }
}

/// The address unless it could not, or should not, be asked.
pub(super) fn checked(mut url: Url) -> Result<Url, WebError> {
    let clean = url.username().is_empty() && url.password().is_none();
    if !clean || !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(WebError::InvalidUrl);
    }
    url.set_fragment(None);
    Ok(url)
}
