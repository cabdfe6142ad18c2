//! A syslog receiver over TCP and UDP, and the parts of a message (RFC 5424 §6, RFC 6587 §3.4.1).

use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, UdpSocket},
};

/// A message, taken apart.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) facility: u8,
    pub(super) severity: u8,
    pub(super) at: jiff::Timestamp,
    pub(super) host: String,
    pub(super) app: String,
    pub(super) kind: String,
    pub(super) sequence: u64,
    pub(super) event: serde_json::Value,
}

/// One connection's messages, read until the sender ends it.
pub(super) async fn connection(listener: &TcpListener) -> Vec<Message> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    frames(&bytes)
}

/// A connection that is broken off after a few bytes.
pub(super) async fn break_off(listener: &TcpListener) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = [0; 10];
    stream.read_exact(&mut bytes).await.unwrap();
    // What was not read makes this a reset.
    drop(stream);
}

/// The datagrams that are there.
pub(super) fn datagrams(socket: &UdpSocket) -> Vec<Message> {
    let mut bytes = vec![0; 65_535];
    let mut messages = Vec::new();
    while let Ok(length) = socket.try_recv(&mut bytes) {
        messages.push(parse(std::str::from_utf8(&bytes[..length]).unwrap()));
    }
    messages
}

fn frames(mut bytes: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let blank = bytes.iter().position(|byte| *byte == b' ').expect("a length");
        let length: usize = std::str::from_utf8(&bytes[..blank]).unwrap().parse().unwrap();
        let (message, rest) = bytes[blank + 1..].split_at(length);
        messages.push(parse(std::str::from_utf8(message).unwrap()));
        bytes = rest;
    }
    messages
}

fn parse(text: &str) -> Message {
    let (priority, rest) = text.strip_prefix('<').unwrap().split_once('>').unwrap();
    let priority: u8 = priority.parse().unwrap();
    let mut words = rest.splitn(7, ' ');
    let mut word = || words.next().unwrap().to_owned();
    assert_eq!(word(), "1", "the version");
    let (at, host, app, process, kind) = (word(), word(), word(), word(), word());
    assert!(process.parse::<u32>().is_ok(), "{process}");
    let (data, event) = structured_data(&word());
    let meta = data
        .iter()
        .find(|(id, _)| id.starts_with("meta "))
        .map(|(_, value)| value.clone())
        .unwrap();
    Message {
        facility: priority / 8,
        severity: priority % 8,
        at: at.parse().unwrap(),
        host,
        app,
        kind,
        sequence: meta.parse().unwrap(),
        event: serde_json::from_str(&event).unwrap(),
    }
}

/// Elements with their first value, and what follows them. No value of ours holds a bracket or a quote.
fn structured_data(text: &str) -> (Vec<(String, String)>, String) {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some(element) = rest.strip_prefix('[') {
        let (inside, after) = element.split_once(']').unwrap();
        let value = inside.split('"').nth(1).unwrap();
        elements.push((inside.to_owned(), value.to_owned()));
        rest = after;
    }
    (elements, rest.strip_prefix(' ').unwrap().to_owned())
}
