//! A browser in somebody's hands: what it shows of itself, the session it holds, and how it signs what it sends. It calls
//! the program's own router, as a browser does over the network.

use std::net::{IpAddr, SocketAddr};

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::Timestamp;
use serde_json::{Value, json};
use stockade_platform::random;

use super::{DemoError, Done, chance::Chance, places::Place};

/// Browsers, with what the device says of its platform and screen.
const AGENTS: &[(&str, &str, &str)] = &[
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "Win32",
        "1920x1080x24",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "MacIntel",
        "2560x1440x30",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        "Linux x86_64",
        "1920x1200x24",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        "iPhone",
        "393x852x32",
    ),
    (
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
        "Linux armv81",
        "412x923x24",
    ),
];

/// A browser.
#[derive(Clone, Debug)]
pub(super) struct Browser {
    agent: &'static str,
    /// Its random id.
    device: String,
    /// Where it is.
    pub(super) at: IpAddr,
    /// What the page says of the device.
    pub(super) report: Value,
    pub(super) session: Option<Session>,
}

/// A session as the browser keeps it.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) access: String,
    pub(super) refresh: String,
    /// When it was last used, in Unix seconds.
    pub(super) used: i64,
    /// The id and secret of its signing key.
    pub(super) key: Option<(String, String)>,
}

impl Browser {
    /// One of somebody who lives there.
    pub(super) fn new(chance: &mut Chance, home: &Place, at: IpAddr) -> Self {
        let (agent, platform, screen) = *chance.one_of(AGENTS);
        Self {
            agent,
            device: BASE64.encode(random::bytes::<32>()),
            at,
            report: json!({
                "platform": platform, "screen": screen, "timezone": home.timezone, "languages": [home.language],
            }),
            session: None,
        }
    }

    /// The same one, signed out.
    pub(super) fn signed_out(self) -> Self {
        Self {
            session: None,
            ..self
        }
    }
}

/// A request being made.
pub(super) struct Ask {
    method: Method,
    path: String,
    body: Option<Value>,
    signed: bool,
    proof: Option<String>,
}

impl Ask {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path.into(), None)
    }

    pub(super) fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path.into(), Some(body))
    }

    /// A request whose path says everything.
    pub(super) fn act(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path.into(), None)
    }

    pub(super) fn put(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::PUT, path.into(), Some(body))
    }

    pub(super) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path.into(), None)
    }

    fn new(method: Method, path: String, body: Option<Value>) -> Self {
        Self {
            method,
            path,
            body,
            signed: false,
            proof: None,
        }
    }

    /// Signed with the session's key.
    pub(super) fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// With the proof of a step-up.
    pub(super) fn proven(mut self, proof: &str) -> Self {
        self.proof = Some(proof.to_owned());
        self
    }

    /// As it is called in what goes wrong.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The request as this browser sends it now.
    pub(super) fn request(&self, browser: &Browser, host: &str, now: Timestamp) -> Done<Request<Body>> {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let path = format!("/api{}", self.path);
        let mut request = Request::builder()
            .method(&self.method)
            .uri(&path)
            .header("host", host)
            .header("user-agent", browser.agent)
            .header("x-device-id", &browser.device);
        if self.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        if let Some(session) = &browser.session {
            request = request.header("authorization", format!("Bearer {}", session.access));
            if let (true, Some((id, secret))) = (self.signed, &session.key) {
                let (nonce, second) = (random::uuid_v7(now).to_string(), now.as_second());
                let hash = hex::encode(digest(&SHA256, body.as_bytes()));
                let text = format!("{}\n{path}\n{second}\n{nonce}\n{hash}", self.method);
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                request = request
                    .header("x-algorithm", "sha256")
                    .header("x-key-id", id)
                    .header("x-timestamp", second)
                    .header("x-nonce", &nonce)
                    .header("idempotency-key", &nonce)
                    .header("x-signature", hex::encode(hmac::sign(&key, text.as_bytes())));
            }
        }
        if let Some(proof) = &self.proof {
            request = request.header("x-step-up", proof);
        }
        let mut request = request
            .body(Body::from(body))
            .map_err(|error| DemoError(format!("{}: {error}", self.name())))?;
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::new(browser.at, 49_152)));
        Ok(request)
    }
}
