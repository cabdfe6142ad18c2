//! What a request asks for, as far as its first line and its body say: the text that is signed, and the hash that is
//! equal for requests that ask for the same.

use aws_lc_rs::digest::{self, SHA256};
use axum::http::{Method, request::Parts};

/// The first line of a request.
pub(super) struct Target {
    pub(super) method: Method,
    /// The path with its query, exactly as sent.
    pub(super) path: String,
}

impl Target {
    pub(super) fn of(parts: &Parts) -> Self {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            method: parts.method.clone(),
            path: path.to_owned(),
        }
    }

    /// The text that is signed.
    pub(super) fn signed_text(&self, timestamp: &str, nonce: &str, body: &[u8]) -> String {
        let body = hex::encode(digest::digest(&SHA256, body));
        [self.method.as_str(), &self.path, timestamp, nonce, &body].join("\n")
    }

    /// Equal for requests that ask for the same.
    pub(super) fn request_hash(&self, body: &[u8]) -> [u8; 32] {
        let mut context = digest::Context::new(&SHA256);
        for part in [
            self.method.as_str().as_bytes(),
            b"\n",
            self.path.as_bytes(),
            b"\n",
            body,
        ] {
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}
