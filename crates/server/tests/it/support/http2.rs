//! HTTP/2 frame by frame (RFC 9113), for clients that do not keep to what a library would do for them.

use std::collections::HashMap;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::socket::{Door, within};

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Kinds of frames (RFC 9113 §6).
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RESET: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GO_AWAY: u8 = 7;
pub const WINDOW: u8 = 8;
pub const CONTINUATION: u8 = 9;

// Flags: of headers and data, of settings and pings.
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;
pub const ACK: u8 = 1;

// Reasons (RFC 9113 §7).
pub const REFUSED_STREAM: u32 = 7;
pub const CANCEL: u32 = 8;
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// What the server's library writes into the ping that follows its first GOAWAY (RFC 9113 §6.8).
const FAREWELL: [u8; 8] = [0x0b, 0x7b, 0xa2, 0xf0, 0x8b, 0x9b, 0xfe, 0x54];

/// A connection.
pub struct Http2 {
    pub stream: TcpStream,
    /// Bytes that came on each stream, of those whose answers go on.
    heard: HashMap<u32, usize>,
    /// Whether the ping is answered after which the other side takes no more streams.
    pub leaves: bool,
    /// With which reason the other side has ended the connection.
    pub gone: Option<u32>,
}

pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The reason in a reset or a GOAWAY.
    pub fn reason(&self) -> u32 {
        let at = if self.kind == GO_AWAY { 4 } else { 0 };
        let bytes = self.payload[at..at + 4].try_into().expect("four bytes");
        u32::from_be_bytes(bytes)
    }
}

impl Http2 {
    /// Connects, with this much room on each stream for what is sent to us, and enough on the connection.
    pub async fn open(door: &Door, window: u32) -> Self {
        let mut client = Self {
            stream: door.connect().await,
            heard: HashMap::new(),
            leaves: true,
            gone: None,
        };
        // SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.5.2).
        let settings = [&[0, 4][..], &window.to_be_bytes()].concat();
        let begin = [PREFACE, &frame(SETTINGS, 0, 0, &settings)].concat();
        client.write(&begin).await;
        client.make_room(0, 1 << 30).await;
        client
    }

    /// The other side may have heard enough before the end.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = within(self.stream.write_all(bytes)).await;
    }

    /// GET this path on this stream.
    pub async fn ask(&mut self, stream: u32, path: &str) {
        self.write(&get(stream, path)).await;
    }

    /// Makes room for so many bytes on this stream; 0 stands for the connection.
    pub async fn make_room(&mut self, stream: u32, bytes: u32) {
        self.write(&frame(WINDOW, 0, stream, &bytes.to_be_bytes())).await;
    }

    /// The next frame; `None` at the connection's end. Pings are answered.
    pub async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        within(self.stream.read_exact(&mut head)).await.ok()?;
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        within(self.stream.read_exact(&mut payload)).await.ok()?;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let frame = Frame {
            kind: head[3],
            flags: head[4],
            stream,
            payload,
        };
        if frame.kind == PING && frame.flags & ACK == 0 && (self.leaves || frame.payload != FAREWELL) {
            self.write(&self::frame(PING, ACK, 0, &frame.payload)).await;
        }
        if frame.kind == GO_AWAY {
            self.gone = Some(frame.reason());
        }
        Some(frame)
    }

    /// How many bytes come on this stream until its end; `None` when it is reset or the connection ends.
    pub async fn take(&mut self, stream: u32) -> Option<usize> {
        loop {
            let frame = self.next().await?;
            if frame.kind == DATA {
                *self.heard.entry(frame.stream).or_default() += frame.payload.len();
            }
            if frame.stream == stream && frame.kind == RESET {
                return None;
            }
            if frame.stream == stream && frame.kind <= HEADERS && frame.flags & END_STREAM != 0 {
                return Some(self.heard.remove(&stream).unwrap_or(0));
            }
        }
    }

    /// Reads to the connection's end; answers all that came.
    pub async fn rest(&mut self) -> Vec<Frame> {
        let mut all = Vec::new();
        while let Some(frame) = self.next().await {
            all.push(frame);
        }
        all
    }
}

/// GET this path on this stream, as a frame.
pub fn get(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &head(path))
}

/// `:method: GET`, `:scheme: http`, `:path`, `:authority: localhost` (RFC 7541 §6).
pub fn head(path: &str) -> Vec<u8> {
    [
        b"\x82\x86",
        literal("\x04", path).as_slice(),
        &literal("\x01", "localhost"),
    ]
    .concat()
}

/// A field that is not indexed: `name` is a number of the static table, or `\0` with a literal.
pub fn literal(name: &str, value: &str) -> Vec<u8> {
    let length = u8::try_from(value.len()).expect("a short value");
    assert!(length < 127);
    [name.as_bytes(), &[length], value.as_bytes()].concat()
}

/// A frame (RFC 9113 §4.1).
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a frame").to_be_bytes();
    let head = [length[1], length[2], length[3], kind, flags];
    [&head[..], &stream.to_be_bytes(), payload].concat()
}
