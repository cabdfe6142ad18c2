//! Spans, sent to a receiver of OTLP.

use std::future::IntoFuture as _;

use axum::{Json, Router, routing::post};
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    on_both,
    support::process::{Process, request},
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

on_both! {
    /// A request is followed under its caller's trace, with its route, status and code, and names nobody. A receiver that
    /// is away holds up nothing.
    async fn a_request_is_followed(database: Database) {
        let (sender, mut received) = mpsc::unbounded_channel();
        let take = post(async move |Json(message): Json<Value>| drop(sender.send(message)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let receiver = tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", take)).into_future());

        let process = Process::start_with(database, &[("OBSERVABILITY__OTLP_URL", &address)]).await;
        let ana = process.customer("ana@example.com").await;
        ana.get("/api/v1/cash").await;
        let parent = ("traceparent", format!("00-{TRACE}-{CALLER}-01"));
        let (status, _) = request(process.port, "GET", "/api/v1/cash", &[parent], "").await.unwrap();
        assert_eq!(status, 401);

        let mut seen = String::new();
        let span = loop {
            let message = received.recv().await.expect("the receiver runs");
            seen.push_str(&message.to_string());
            let spans = message["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone();
            if let Some(span) = spans.into_iter().find(|span| span["traceId"] == TRACE) {
                break span;
            }
        };
        assert_eq!(span["parentSpanId"], CALLER);
        assert_eq!((span["name"].as_str(), span["kind"].as_i64()), (Some("GET /api/v1/cash"), Some(2)));
        assert_eq!(attribute(&span, "http.route"), "/api/v1/cash");
        assert_eq!(attribute(&span, "http.response.status_code"), "401");
        assert!(attribute(&span, "error.type").starts_with("token."));
        let time = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
        assert!(time("startTimeUnixNano") <= time("endTimeUnixNano"));
        assert!(!seen.contains("ana") && !seen.contains("127.0.0.1"), "{seen}");

        receiver.abort();
        for _ in 0..20 {
            let (status, _) = ana.get("/api/v1/cash").await;
            assert_eq!(status, 200);
        }
    }
}

fn attribute(span: &Value, key: &str) -> String {
    let attributes = span["attributes"].as_array().unwrap();
    let found = attributes
        .iter()
        .find(|attribute| attribute["key"] == key)
        .unwrap();
    let value = found["value"].as_object().unwrap().values().next().unwrap();
    value.as_str().unwrap().to_owned()
}
