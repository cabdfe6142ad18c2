//! Somebody who listens to server-sent events, and reads them as a browser would.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::time::timeout;

/// Long enough for the busiest machine; a story that waits in vain ends here.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream.
pub struct Listening {
    body: Body,
    text: String,
    /// What a browser would send as `Last-Event-ID` when it comes back.
    pub last_id: Option<String>,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub id: Option<u64>,
    pub data: Value,
}

impl Listening {
    pub(super) fn to(body: Body) -> Self {
        Self {
            body,
            text: String::new(),
            last_id: None,
        }
    }

    /// The next event; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            if let Some(id) = field("id") {
                self.last_id = Some(id.to_owned());
            }
            if let Some(data) = field("data") {
                return Some(Event {
                    name: field("event").unwrap_or("message").to_owned(),
                    id: field("id").map(|id| id.parse().unwrap()),
                    data: serde_json::from_str(data).unwrap(),
                });
            }
        }
    }

    /// The next event of this kind; others are passed over.
    pub async fn until(&mut self, kind: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.data["kind"] == kind {
                return event;
            }
        }
    }

    /// Waits for the first frame, which says where the stream begins.
    pub async fn hello(mut self) -> Self {
        let block = self.block().await.expect("a first frame");
        assert!(block.contains(": hello"), "{block}");
        let id = block.lines().find_map(|line| line.strip_prefix("id: "));
        self.last_id = id.map(str::to_owned);
        self
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let frame = timeout(PATIENCE, self.body.frame())
                .await
                .expect("something to come");
            let data = frame?.expect("a sound stream").into_data().expect("data");
            self.text.push_str(std::str::from_utf8(&data).expect("text"));
        }
    }
}
