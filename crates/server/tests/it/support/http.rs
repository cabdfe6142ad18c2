//! A small client: build a request, send it, say what is expected.

use std::net::SocketAddr;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use axum::{
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use stockade_platform::random;
use tower::ServiceExt as _;

use super::{listening::Listening, people::SigningKey, shop::Shop};

/// A request being built.
#[derive(Clone)]
pub struct Ask<'s> {
    shop: &'s Shop,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    peer: Option<SocketAddr>,
}

impl<'s> Ask<'s> {
    pub(super) fn new(shop: &'s Shop, method: &'static str, path: &str) -> Self {
        Self {
            shop,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            peer: None,
        }
    }

    /// The same request to another instance.
    pub fn at<'t>(self, shop: &'t Shop) -> Ask<'t> {
        Ask {
            shop,
            method: self.method,
            path: self.path,
            headers: self.headers,
            body: self.body,
            peer: self.peer,
        }
    }

    /// The request as text, for another process to send.
    pub fn to_text(&self) -> String {
        let body = std::str::from_utf8(&self.body).expect("a text");
        serde_json::json!([self.method, self.path, self.headers, body]).to_string()
    }

    /// The request that was such a text.
    pub fn of_text(shop: &'s Shop, text: &str) -> Self {
        let (method, path, headers, body): (String, String, Vec<(String, String)>, String) =
            serde_json::from_str(text).expect("a request");
        let method = match method.as_str() {
            "POST" => "POST",
            "PATCH" => "PATCH",
            "DELETE" => "DELETE",
            _ => "GET",
        };
        let mut ask = Self::new(shop, method, &path).body(body);
        ask.headers = headers;
        ask
    }

    /// Where it goes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A text of its JSON body.
    pub fn value_of(&self, name: &str) -> String {
        let body: Value = serde_json::from_slice(&self.body).expect("JSON");
        body[name].as_str().expect("a text").trim().to_owned()
    }

    /// The same request to another path.
    pub fn to(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// Adds a header, in place of one with the same name.
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Takes a header away.
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// Comes from this address.
    pub fn from(mut self, ip: &str) -> Self {
        self.peer = Some(SocketAddr::new(ip.parse().expect("an address"), 4711));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn json(self, body: Value) -> Self {
        let text = body.to_string();
        self.header("content-type", "application/json").body(text)
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Signs the request as it now stands, with a new nonce and the clock's time.
    pub fn signed(self, key: &SigningKey) -> Self {
        let (nonce, second) = (
            random::uuid_v7(self.shop.now()).to_string(),
            self.shop.now().as_second(),
        );
        self.signed_as(key, &nonce, second)
    }

    /// Signs the request with this nonce and time.
    pub fn signed_as(self, key: &SigningKey, nonce: &str, second: i64) -> Self {
        let body = hex::encode(digest(&SHA256, &self.body));
        let text = format!("{}\n{}\n{second}\n{nonce}\n{body}", self.method, self.path);
        let hmac_key = hmac::Key::new(hmac::HMAC_SHA256, key.secret.as_bytes());
        let signature = hex::encode(hmac::sign(&hmac_key, text.as_bytes()));
        self.header("x-signature", signature)
            .header("x-timestamp", second)
            .header("x-nonce", nonce)
            .header("x-algorithm", "sha256")
            .header("x-key-id", &key.id)
    }

    pub async fn send(self) -> Answer {
        let (response, asked) = self.call().await;
        let (parts, body) = response.into_parts();
        // A stream has no end to wait for.
        let body = match parts.headers.get(header::CONTENT_TYPE) {
            Some(kind) if kind == "text/event-stream" => Bytes::new(),
            _ => body.collect().await.expect("a whole body").to_bytes(),
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
            asked,
        }
    }

    async fn call(self) -> (Response, String) {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            request = request.header("host", "localhost:8000");
        }
        let mut request = request.body(Body::from(self.body)).expect("a sound request");
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self
            .shop
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router always answers");
        (response, format!("{} {}", self.method, self.path))
    }

    /// Opens a stream of events.
    pub async fn listen(self) -> Listening {
        let (response, asked) = self.call().await;
        assert_eq!(response.status().as_u16(), 200, "{asked}");
        Listening::to(response.into_body())
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    asked: String,
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.asked, self.text());
        if self.body.is_empty() {
            Value::Null
        } else {
            self.value()
        }
    }

    /// The problem of an answer that refuses with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let kind = self
            .headers
            .get(header::CONTENT_TYPE)
            .map(|kind| kind.as_bytes().to_vec());
        assert_eq!(
            (self.status.as_u16(), self.value()["code"].as_str()),
            (status, Some(code)),
            "{}: {}",
            self.asked,
            self.text()
        );
        assert_eq!(kind.as_deref(), Some(&b"application/problem+json"[..]));
        self.value()
    }

    /// A header of the answer, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: not JSON: {}", self.asked, self.text()))
    }
}
