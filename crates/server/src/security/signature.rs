//! Request signatures: every financial request is signed with one of its sender's keys.
//!
//! The signed text is, joined by `\n`: METHOD, path with query exactly as sent, `X-Timestamp`, `X-Nonce`, and the
//! lower-case hex SHA-256 of the body. `X-Signature` is its HMAC-SHA256 in hex; the HMAC key is the signing key's secret
//! as it was shown, byte for byte, not decoded. Signatures are compared in constant time.
//!
//! A valid signature is not enough: the nonce is consumed by the unit of work that the request leads to.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::HeaderMap,
};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use stockade_domain::ids::SigningKeyId;
use uuid::Uuid;

use super::{access::Permission, target::Target};
use crate::{
    app::App,
    core::{
        actor::{RequestProof, SignedIn, Verified},
        change::{Change, Outcome},
        event::AuditEvent,
    },
    features::auth::{self, Scope, SigningSecret},
    http::{
        error::{ApiError, ApiResult, Problem},
        json,
    },
};

/// Longest `Idempotency-Key`.
const LONGEST_KEY: usize = 255;

/// A request that somebody signed, with what it asks. `Signed<()>` takes no body.
pub struct Signed<T> {
    /// Who signed, and what makes the request unique.
    pub user: Verified,
    /// The body.
    pub ask: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Signed<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        let (mut parts, body) = request.into_parts();
        let user = SignedIn::from_request_parts(&mut parts, app).await?;
        let permission = parts.extensions.get::<Permission>().copied();
        let now = app.clock.now();
        let stamp = Stamp::read(&parts.headers, now, app.config.signing.window)?;
        let idempotency_key = idempotency_key(&parts.headers)?;
        let target = Target::of(&parts);
        let content_type = json::check_content_type(&parts.headers);
        let step_up = parts
            .headers
            .get("x-step-up")
            .and_then(|proof| proof.to_str().ok());
        let step_up = step_up.map(Arc::from);
        let body = json::read(
            Request::from_parts(parts, body),
            app.config.server.body_limit_bytes,
        )
        .await?;

        let secret = match check(app, &user, permission, &stamp, &target, &body).await {
            Err(ApiError::Refused(problem)) => return Err(put_on_record(app, &user, *problem).await),
            checked => checked?,
        };
        let ask = json::parse_declared(content_type, &body)?;
        let request_hash = target.request_hash(&body);
        let proof = RequestProof {
            nonce: secret.consume(stamp.nonce, stamp.time, now),
            idempotency: idempotency_key.map(|key| (key, request_hash)),
            request_hash,
            step_up,
        };
        Ok(Self {
            user: Verified { user, proof },
            ask,
        })
    }
}

/// What the request's headers say of its signature.
struct Stamp {
    signature: Vec<u8>,
    key: SigningKeyId,
    timestamp: String,
    nonce_text: String,
    time: Timestamp,
    nonce: Uuid,
}

impl Stamp {
    fn read(headers: &HeaderMap, now: Timestamp, window: std::time::Duration) -> ApiResult<Self> {
        let algorithm = required(headers, "x-algorithm")?;
        let signature = required(headers, "x-signature")?;
        let key = required(headers, "x-key-id")?;
        let timestamp = required(headers, "x-timestamp")?;
        let nonce = required(headers, "x-nonce")?;
        if !algorithm.eq_ignore_ascii_case("sha256") {
            let detail = "X-Algorithm must be sha256";
            return Err(Problem::unauthorized("signature.unknown_algorithm", detail).into());
        }
        let time =
            unix_seconds(timestamp).ok_or_else(|| malformed("X-Timestamp must be whole Unix seconds"))?;
        let stamp = Self {
            signature: hex::decode(signature).map_err(|_| malformed("X-Signature must be hexadecimal"))?,
            key: key
                .parse()
                .map_err(|_| malformed("X-Key-Id must be the id of a signing key, a UUID"))?,
            timestamp: timestamp.to_owned(),
            nonce_text: nonce.to_owned(),
            time,
            nonce: Uuid::try_parse(nonce)
                .map_err(|_| malformed("X-Nonce must be a UUID, a new one each time"))?,
        };
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        if now.duration_since(time).abs() > window {
            let detail = format!(
                "X-Timestamp is more than {} seconds from the server's clock, which says {}; set the clock and sign again",
                window.as_secs(),
                now.as_second()
            );
            return Err(Problem::unauthorized("signature.stale", detail).into());
        }
        Ok(stamp)
    }
}

/// A header that stands there once: of two, a proxy and we might each believe another one.
fn required<'h>(headers: &'h HeaderMap, name: &str) -> ApiResult<&'h str> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(malformed(&format!("{name} stands there twice")));
    }
    first.and_then(|value| value.to_str().ok()).ok_or_else(|| {
        let detail = format!(
            "this request must be signed: {name} is missing; send X-Signature, X-Timestamp, X-Nonce, X-Algorithm and \
             X-Key-Id"
        );
        Problem::unauthorized("signature.missing", detail).into()
    })
}

fn malformed(detail: &str) -> ApiError {
    Problem::unauthorized("signature.malformed", detail).into()
}

/// Digits only, so that a timestamp is written in one way.
fn unix_seconds(text: &str) -> Option<Timestamp> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    Timestamp::from_second(text.parse().ok().filter(|_| digits)?).ok()
}

/// The optional `Idempotency-Key`.
pub(super) fn idempotency_key(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        let detail = "Idempotency-Key stands there twice";
        return Err(Problem::bad_request("idempotency.malformed", detail).into());
    }
    let visible = |key: &&str| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(visible).ok_or_else(|| {
        Problem::bad_request(
            "idempotency.malformed",
            "Idempotency-Key must be 1 to 255 visible ASCII characters",
        )
    })?;
    Ok(Some(key.to_owned()))
}

async fn check(
    app: &App,
    user: &SignedIn,
    permission: Option<Permission>,
    stamp: &Stamp,
    target: &Target,
    body: &[u8],
) -> ApiResult<Arc<SigningSecret>> {
    let Some(secret) = auth::signing_secret(app, user, stamp.key).await? else {
        let detail =
            "X-Key-Id names no living signing key of yours; create one with POST /api/v1/signing-keys";
        return Err(Problem::unauthorized("signature.unknown_key", detail).into());
    };
    if !secret.verifies(
        target
            .signed_text(&stamp.timestamp, &stamp.nonce_text, body)
            .as_bytes(),
        &stamp.signature,
    ) {
        let detail = "the signature does not match; sign METHOD, path with query, timestamp, nonce and the body's \
                      lower-case hex SHA-256, joined by \\n, with HMAC-SHA256 under the secret's characters";
        return Err(Problem::unauthorized("signature.invalid", detail).into());
    }
    if !scopes(permission).iter().all(|scope| secret.allows(*scope)) {
        let detail = "this signing key's scopes do not cover this request";
        return Err(Problem::forbidden("signature.scope", detail).into());
    }
    Ok(secret)
}

/// Somebody holds this person's token but not the right key; the log should say so.
async fn put_on_record(app: &App, user: &SignedIn, problem: Problem) -> ApiError {
    let refused: ApiResult<()> = app
        .change(
            user,
            async move |change: &mut Change<'_>| -> ApiResult<Outcome<()>> {
                let refused = || {
                    AuditEvent::refused("signature.refused").with(serde_json::json!({ "code": problem.code }))
                };
                let event = problem.event.as_deref().cloned();
                change.refuse(event.unwrap_or_else(refused), problem.clone())
            },
        )
        .await;
    match refused {
        Err(error) => error,
        Ok(()) => ApiError::Fault("a refused unit was committed".into()),
    }
}

/// What a key must be allowed: what the [table](super::access) says of the route, and everything where it says nothing.
fn scopes(permission: Option<Permission>) -> &'static [Scope] {
    match permission.and_then(|permission| permission.row().signing_key) {
        Some(Scope::Trade) => &[Scope::Trade],
        Some(Scope::Cash) => &[Scope::Cash],
        None => &[Scope::Trade, Scope::Cash],
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use axum::http::HeaderName;

    use super::*;

    /// The documented vectors, which another implementation (Python's hmac) made.
    #[test]
    fn the_documented_vectors_are_right() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../../../docs/signing-vectors.json")).unwrap();
        let secret = file["secret"].as_str().unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 7);
        for vector in vectors {
            let said = |name: &str| vector[name].as_str().unwrap();
            let headers = HeaderMap::from_iter(
                [
                    ("x-algorithm", "sha256"),
                    ("x-signature", said("signature")),
                    ("x-key-id", "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6a"),
                    ("x-nonce", said("nonce")),
                    ("x-timestamp", said("timestamp")),
                ]
                .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())),
            );
            let now = Timestamp::from_second(1_780_315_200).unwrap();
            let stamp = Stamp::read(&headers, now, std::time::Duration::from_secs(300)).unwrap();
            let target = Target {
                method: said("method").parse().unwrap(),
                path: said("path").to_owned(),
            };
            let text = target.signed_text(&stamp.timestamp, &stamp.nonce_text, said("body").as_bytes());
            assert_eq!(text, said("signed_text"));
            assert_eq!(text.lines().last().unwrap(), said("body_sha256"));
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            assert!(
                hmac::verify(&key, text.as_bytes(), &stamp.signature).is_ok(),
                "{}",
                said("name")
            );
        }
    }
}
