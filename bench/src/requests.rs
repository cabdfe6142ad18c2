//! Requests as bytes. What stays the same from one to the next is made once; a signed one costs two random ids and
//! one HMAC.

use std::{io::Write as _, net::SocketAddr};

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};

use stockade_platform::random::uuid_v7;

use crate::{
    load::{Caller, Chance},
    now,
    people::{Person, Session},
};

/// A GET by this person, always the same.
pub(crate) fn get(address: SocketAddr, person: &Person, path: &str) -> Caller {
    let head = head("GET", address, path);
    always(format!("{head}{}\r\n", credentials(person)).into_bytes(), 200)
}

/// A GET by whoever this session is of, always the same.
pub(crate) fn get_with(address: SocketAddr, session: &Session, path: &str) -> Caller {
    let head = head("GET", address, path);
    always(
        format!("{head}{}\r\n", bearer(&session.token, &session.device)).into_bytes(),
        200,
    )
}

/// A GET that says nothing of who sends it.
pub(crate) fn anonymous_get(address: SocketAddr, path: &str) -> Caller {
    always(format!("{}\r\n", head("GET", address, path)).into_bytes(), 200)
}

/// Asks for this path to become a WebSocket (RFC 6455 §4.1).
pub(crate) fn upgrade(address: SocketAddr, person: &Person, path: &str) -> Vec<u8> {
    format!(
        "{}{}upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        head("GET", address, path),
        credentials(person)
    )
    .into_bytes()
}

/// A sign-in by this person, always the same.
pub(crate) fn sign_in(address: SocketAddr, person: &Person) -> Caller {
    always(
        login(address, &person.email, &person.password, &person.device),
        200,
    )
}

/// `POST /auth/login`.
pub(crate) fn login(address: SocketAddr, email: &str, password: &str, device: &str) -> Vec<u8> {
    let body = serde_json::json!({ "email": email, "password": password }).to_string();
    let head = head("POST", address, "/api/v1/auth/login");
    format!("{head}x-device-id: {device}\r\n{}\r\n{body}", body_headers(&body)).into_bytes()
}

/// A POST that needs no signature, by whoever has this token on this device.
pub(crate) fn post(address: SocketAddr, path: &str, by: Option<(&str, &str)>, body: &str) -> Vec<u8> {
    let by = by
        .map(|(token, device)| bearer(token, device))
        .unwrap_or_default();
    let body_headers = body_headers(body);
    format!("{}{by}{body_headers}\r\n{body}", head("POST", address, path)).into_bytes()
}

/// What nonces and idempotency keys are. Where the server files them depends on it.
#[derive(Clone, Copy)]
pub(crate) enum Ids {
    /// UUIDv7, as our web UI sends.
    Rising,
    /// UUIDv4, as any client may.
    Random,
}

/// Buys one share at the market, each time of the next of these symbols.
pub(crate) fn buy(address: SocketAddr, person: &Person, symbols: &[String], ids: Ids) -> Caller {
    let bodies: Vec<_> = symbols
        .iter()
        .map(|symbol| format!(r#"{{"symbol":"{symbol}","qty":"1"}}"#))
        .collect();
    let mut post = SignedPost::new(address, person, "/api/v1/portfolio/buy", &bodies).with(ids);
    Box::new(move |out| {
        post.write(out);
        201
    })
}

/// A signed POST: the same but for time, nonce, idempotency key and signature.
pub(crate) struct SignedPost {
    path: String,
    key: hmac::Key,
    chance: Chance,
    ids: Ids,
    variants: Vec<Variant>,
    turn: usize,
}

struct Variant {
    head: String,
    body: String,
    /// Lower-case hex SHA-256.
    body_hash: String,
}

impl SignedPost {
    /// Sends these bodies in turn.
    pub(crate) fn new(address: SocketAddr, person: &Person, path: &str, bodies: &[String]) -> Self {
        let head = format!("{}{}", head("POST", address, path), credentials(person));
        let variant = |body: &String| Variant {
            head: format!(
                "{head}{}x-algorithm: sha256\r\nx-key-id: {}\r\nx-timestamp: ",
                body_headers(body),
                person.key_id
            ),
            body: body.clone(),
            body_hash: hex::encode(digest(&SHA256, body.as_bytes())),
        };
        let variants = bodies.iter().map(variant).collect();
        Self {
            path: path.to_owned(),
            key: person.key.clone(),
            chance: Chance::unique(),
            ids: Ids::Rising,
            variants,
            turn: 0,
        }
    }

    /// The same with such ids.
    fn with(self, ids: Ids) -> Self {
        Self { ids, ..self }
    }

    /// Writes the next request.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>) {
        let Variant {
            head,
            body,
            body_hash,
        } = &self.variants[self.turn % self.variants.len()];
        self.turn += 1;
        let now = now::wall();
        let mut id = || match self.ids {
            Ids::Rising => uuid_v7(now).hyphenated(),
            Ids::Random => self.chance.uuid(),
        };
        let (nonce, idempotency_key) = (id(), id());
        let timestamp = now.as_second().to_string();
        let mut nonce_text = [0; 36];
        let nonce = nonce.encode_lower(&mut nonce_text);

        let mut signature = hmac::Context::with_key(&self.key);
        for part in [
            "POST", "\n", &self.path, "\n", &timestamp, "\n", nonce, "\n", body_hash,
        ] {
            signature.update(part.as_bytes());
        }
        let mut hex = [0; 64];
        hex::encode_to_slice(signature.sign(), &mut hex).expect("an HMAC-SHA256 tag has 32 bytes");

        for part in [head, &timestamp, "\r\nx-nonce: ", nonce, "\r\nidempotency-key: "] {
            out.extend_from_slice(part.as_bytes());
        }
        write!(out, "{idempotency_key}\r\nx-signature: ").expect("a vector takes whatever is written");
        out.extend_from_slice(&hex);
        out.extend_from_slice(b"\r\n\r\n");
        out.extend_from_slice(body.as_bytes());
    }
}

fn always(request: Vec<u8>, expected: u16) -> Caller {
    Box::new(move |out| {
        out.extend_from_slice(&request);
        expected
    })
}

fn head(method: &str, address: SocketAddr, path: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: stockade-bench\r\naccept: application/json\r\n"
    )
}

fn credentials(person: &Person) -> String {
    bearer(&person.token, &person.device)
}

fn bearer(token: &str, device: &str) -> String {
    format!("authorization: Bearer {token}\r\nx-device-id: {device}\r\n")
}

fn body_headers(body: &str) -> String {
    let length = body.len();
    if length == 0 {
        return "content-length: 0\r\n".to_owned();
    }
    format!("content-type: application/json\r\ncontent-length: {length}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            email: "ana@example.com".into(),
            password: "a long password".into(),
            device: "d".into(),
            token: "t".into(),
            key_id: "k".into(),
            key: hmac::Key::new(hmac::HMAC_SHA256, b"secret"),
        }
    }

    /// What a server would check: it puts the signed text together from the headers it got.
    #[test]
    fn the_signature_is_that_of_the_request_sent() {
        let address = "127.0.0.1:8000".parse().unwrap();
        let bodies = ["{\"a\":1}".to_owned(), "{}".to_owned()];
        let mut post = SignedPost::new(address, &person(), "/api/v1/orders?x=1", &bodies);
        let mut seen = std::collections::HashSet::new();
        for body in bodies.iter().chain(&bodies) {
            let mut request = Vec::new();
            post.write(&mut request);
            let text = String::from_utf8(request).unwrap();
            let (head, sent) = text.split_once("\r\n\r\n").unwrap();
            assert_eq!(sent, body);
            let header = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(": "));
                lines.find(|(found, _)| *found == name).unwrap().1.to_owned()
            };
            assert_eq!(header("content-length"), body.len().to_string());
            let (time, nonce) = (header("x-timestamp"), header("x-nonce"));
            let hash = hex::encode(digest(&SHA256, body.as_bytes()));
            let signed = format!("POST\n/api/v1/orders?x=1\n{time}\n{nonce}\n{hash}");
            let signature = hex::decode(header("x-signature")).unwrap();
            hmac::verify(&person().key, signed.as_bytes(), &signature).unwrap();
            assert!(seen.insert(nonce) && seen.insert(header("idempotency-key")));
        }
    }
}
