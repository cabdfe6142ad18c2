//! Somebody who listens to prices: a WebSocket's client behind a real socket.

use std::net::SocketAddr;

use axum::http::{HeaderName, HeaderValue};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use stockade::features::stream;
use tokio::{net::TcpStream, sync::watch, task::JoinHandle};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

use super::{shop::Shop, socket::within};

/// A stream as its client has it.
pub struct Listener(WebSocketStream<TcpStream>);

/// What comes next.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Said(Value),
    Closed(Option<u16>),
}

impl Listener {
    /// Opens a stream; answers the problem's status and code when it is refused.
    pub async fn open(
        address: SocketAddr,
        query: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, (u16, String)> {
        let url = format!("ws://{address}/api/v1/stream{query}");
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a name");
            request
                .headers_mut()
                .insert(name, HeaderValue::try_from(*value).expect("a value"));
        }
        let socket = TcpStream::connect(address).await.expect("somebody listens");
        match within(client_async(request, socket)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => {
                let problem: Value =
                    serde_json::from_slice(answer.body().as_deref().unwrap_or_default()).unwrap_or_default();
                let code = problem["code"].as_str().unwrap_or_default().to_owned();
                Err((answer.status().as_u16(), code))
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a stream with an access token.
    pub async fn with_token(address: SocketAddr, token: &str) -> Self {
        let bearer = format!("Bearer {token}");
        Self::open(address, "", &[("authorization", &bearer)])
            .await
            .expect("a stream")
    }

    pub async fn say(&mut self, what: Value) {
        self.send(Message::text(what.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.expect("an open stream");
    }

    /// The same to somebody who may hang up in the middle of it.
    pub async fn throw(&mut self, message: Message) {
        let _ = self.0.send(message).await;
    }

    /// Says goodbye.
    pub async fn hang_up(mut self) {
        self.0.close(None).await.expect("an open stream");
        while let Some(Ok(_)) = within(self.0.next()).await {}
    }

    /// Subscribes, and waits until that is confirmed.
    pub async fn subscribe(&mut self, symbols: &[&str]) -> Value {
        self.say(json!({ "action": "subscribe", "symbols": symbols }))
            .await;
        self.hear().await
    }

    /// What is said next, but for heartbeats.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Heard::Said(value) => value,
            Heard::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    /// The next quote, whatever else is said before it.
    pub async fn quote(&mut self) -> Value {
        loop {
            let said = self.hear().await;
            if said["type"] == "quote" {
                return said;
            }
        }
    }

    /// The code that the stream is closed with, whatever is said before it.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// What comes next, but for heartbeats.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.anything().await {
                Heard::Said(value) if value["type"] == "heartbeat" => {}
                heard => return heard,
            }
        }
    }

    /// What comes next.
    pub async fn anything(&mut self) -> Heard {
        loop {
            match within(self.0.next()).await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Said(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }
}

/// The relay of a process, which the stories' shops do not run by themselves.
pub struct Relay {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Relay {
    /// Begins to hand out this instance's ticks, and waits for the first.
    pub async fn of(shop: &Shop) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(stream::hand_out_ticks(shop.app.clone(), stopped));
        within(async {
            while shop.app.streams.seq() == 0 {
                stream::publish_tick(&shop.app).await;
                tokio::task::yield_now().await;
            }
        })
        .await;
        Self { stop, running }
    }

    /// Stops as the program does.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        within(self.running).await.expect("the relay ends by itself");
    }
}

impl Shop {
    /// A second passes, and its prices are published.
    pub async fn tick(&self) {
        self.later(1);
        stream::publish_tick(&self.app).await;
    }
}
