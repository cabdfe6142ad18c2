//! Buys one share with a signed request.
//!
//! ```text
//! STOCKADE_URL=http://localhost:8000 STOCKADE_API_KEY=stk_... \
//! STOCKADE_SIGNING_KEY_ID=... STOCKADE_SIGNING_SECRET=... cargo run -p signing-example
//! ```
//!
//! For an `https` address, give the client the connector of `hyper-rustls`; what is signed stays the same.

use std::{env, error::Error, time::SystemTime};

use aws_lc_rs::{digest, hmac};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The hex of `X-Signature`: HMAC-SHA256 over five lines, under the secret's characters as they stand.
fn sign(secret: &str, method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    let hash = hex::encode(digest::digest(&digest::SHA256, body));
    let text = [method, path, timestamp, nonce, &hash].join("\n");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex::encode(hmac::sign(&key, text.as_bytes()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client of its own, with its own clock"
)]
async fn signed_post(path: &str, ask: &Value, idempotency_key: &str) -> Result<Value, Box<dyn Error>> {
    // The very bytes that are signed are sent: JSON rendered twice may differ.
    let body = ask.to_string();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let (timestamp, nonce) = (now.as_secs().to_string(), Uuid::now_v7().to_string());
    let secret = setting("STOCKADE_SIGNING_SECRET")?;
    let request = Request::post(format!("{}{path}", setting("STOCKADE_URL")?))
        .header("content-type", "application/json")
        .header("x-api-key", setting("STOCKADE_API_KEY")?)
        .header("x-key-id", setting("STOCKADE_SIGNING_KEY_ID")?)
        .header("x-algorithm", "sha256")
        .header("x-timestamp", &timestamp)
        .header("x-nonce", &nonce)
        .header(
            "x-signature",
            sign(&secret, "POST", path, &timestamp, &nonce, body.as_bytes()),
        )
        .header("idempotency-key", idempotency_key)
        .body(Full::new(Bytes::from(body)))?;
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await?;
    let status = answer.status();
    let text = answer.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&text)).into());
    }
    Ok(serde_json::from_slice(&text)?)
}

#[expect(clippy::disallowed_methods, reason = "the settings of this example")]
fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example answers, and has its own chance"
)]
async fn main() -> Result<(), Box<dyn Error>> {
    let order =
        json!({ "symbol": "KO", "side": "buy", "qty": "1", "type": "market", "time_in_force": "day" });
    // Kept until the answer is there: sent again with the same key, after a broken connection, it is still one order.
    let key = Uuid::now_v7().to_string();
    let placed = signed_post("/api/v1/orders", &order, &key).await?;
    println!("{} {}", placed["id"], placed["status"]);
    Ok(())
}
