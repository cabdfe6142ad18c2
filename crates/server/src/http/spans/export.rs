//! Sends spans to the receiver: OTLP 1 over HTTP, in its JSON encoding, which every receiver reads (OTLP specification,
//! "JSON Protobuf Encoding": ids in hexadecimal digits, 64-bit numbers as text). The library would bring a second HTTP
//! client's worth of crates for what is one object here.

use std::time::Duration;

use axum::http::{HeaderValue, header};
use serde_json::{Value, json};
use stockade_platform::web_client::{WebClient, WebError, WebRequest};
use tokio::sync::{mpsc, watch};

use super::Span;
use crate::app::App;

/// Spans sent at once at most, and how long the first of them waits for others.
const BATCH: usize = 512;
const WAIT: Duration = Duration::from_secs(1);
/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends what comes until `stop` turns true, and then what is left. What a receiver does not take is dropped.
pub(crate) async fn export(app: App, mut stop: watch::Receiver<bool>) {
    let Some(mut spans) = app.spans.take_waiting() else {
        return;
    };
    let Some(address) = &app.config.observability.otlp_url else {
        return;
    };
    // The operator names it, so it may well be on this machine.
    let client = match WebClient::new(app.config.outgoing.ca_file.as_deref(), |_| true) {
        Ok(client) => client,
        Err(error) => return tracing::warn!(%error, "spans are not sent"),
    };
    let address = format!("{address}/v1/traces");
    let mut well = true;
    while !*stop.borrow() {
        let batch = next(&mut spans, &mut stop).await;
        if batch.is_empty() {
            continue;
        }
        let sent = send(&client, &address, &batch).await;
        if let Err(why) = &sent
            && well
        {
            tracing::warn!(%why, "spans could not be sent; they are dropped until the receiver is back");
        }
        well = sent.is_ok();
        if !well {
            let lost = batch.len() as u64;
            app.spans
                .dropped
                .fetch_add(lost, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

/// What came within a moment.
async fn next(spans: &mut mpsc::Receiver<Span>, stop: &mut watch::Receiver<bool>) -> Vec<Span> {
    let mut batch = Vec::new();
    tokio::select! {
        _ = spans.recv_many(&mut batch, 1) => {}
        _ = stop.changed() => {}
    }
    let moment = tokio::time::sleep(WAIT);
    tokio::pin!(moment);
    while !batch.is_empty() && batch.len() < BATCH && !*stop.borrow() {
        let room = BATCH - batch.len();
        tokio::select! {
            _ = spans.recv_many(&mut batch, room) => {}
            () = &mut moment => break,
            _ = stop.changed() => break,
        }
    }
    if *stop.borrow() {
        while let Ok(span) = spans.try_recv() {
            batch.push(span);
        }
    }
    batch
}

async fn send(client: &WebClient, address: &str, batch: &[Span]) -> Result<(), String> {
    let text = |error: WebError| error.to_string();
    let request = WebRequest::post(address, message(batch).to_string())
        .map_err(text)?
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .within(PATIENCE);
    let answer = client.send(request).await.map_err(text)?;
    match answer.status.is_success() {
        true => Ok(()),
        false => Err(format!("the receiver answered {}", answer.status)),
    }
}

fn message(batch: &[Span]) -> Value {
    let resource = [
        attribute("service.name", "stockade"),
        attribute("service.version", env!("CARGO_PKG_VERSION")),
    ];
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{ "scope": { "name": "stockade" }, "spans": batch.iter().map(span).collect::<Vec<_>>() }],
    }] })
}

fn span(span: &Span) -> Value {
    let nanos = |at: jiff::Timestamp| at.as_nanosecond().to_string();
    let mut attributes = vec![
        attribute("http.request.method", span.method.as_str()),
        attribute("http.route", &span.route),
        json!({
            "key": "http.response.status_code",
            "value": { "intValue": span.status.as_u16().to_string() },
        }),
        attribute("stockade.request_id", &span.request.to_string()),
    ];
    attributes.extend(span.code.map(|code| attribute("error.type", code)));
    // SPAN_KIND_SERVER; STATUS_CODE_ERROR for our own failures alone, as the conventions for servers have it.
    let status = if span.status.is_server_error() {
        json!({ "code": 2 })
    } else {
        json!({})
    };
    json!({
        "traceId": hex::encode(span.trace.trace),
        "spanId": hex::encode(span.trace.span),
        "parentSpanId": span.trace.parent.map(hex::encode).unwrap_or_default(),
        "name": format!("{} {}", span.method, span.route),
        "kind": 2,
        "startTimeUnixNano": nanos(span.started),
        "endTimeUnixNano": nanos(span.ended),
        "attributes": attributes,
        "status": status,
    })
}

fn attribute(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}
