//! One subscriber of the stream of prices: reads frames (RFC 6455 §5.2) as cheaply as it can, since ten thousand of them
//! share the machine with what they measure.

use std::{
    cell::RefCell,
    io::{self, ErrorKind},
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Histogram;

/// An answer to an empty ping: a pong with an empty mask.
const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
const PING: u8 = 0x9;
const CLOSE: u8 = 0x8;

/// What all subscribers have heard together.
#[derive(Default)]
pub(crate) struct Heard {
    /// Present while quotes are counted.
    pub(crate) latencies: Option<Histogram>,
    /// Streams that the server closed, or that broke.
    pub(crate) lost: u64,
}

/// An open stream.
pub(crate) struct Subscriber {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Subscriber {
    /// Opens a stream by this request and subscribes.
    pub(crate) async fn open(address: SocketAddr, request: &[u8], symbols: &[String]) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(request).await?;
        let mut received = Vec::with_capacity(4096);
        let head = loop {
            if stream.read_buf(&mut received).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
        };
        if !received.starts_with(b"HTTP/1.1 101 ") {
            let words = String::from_utf8_lossy(&received).into_owned();
            return Err(io::Error::other(words));
        }
        received.drain(..head);
        let said = serde_json::json!({ "action": "subscribe", "symbols": symbols }).to_string();
        stream.write_all(&masked_text(said.as_bytes())).await?;
        Ok(Self { stream, received })
    }

    /// Counts quotes until the stream ends. `since` tells how long ago a tick was, by its milliseconds.
    pub(crate) async fn listen(mut self, heard: Rc<RefCell<Heard>>, since: fn(i64) -> Duration) {
        loop {
            match self.frames(&heard, since) {
                Ok(0) => {}
                Ok(_) if self.stream.write_all(&PONG).await.is_ok() => {}
                _ => break,
            }
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        heard.borrow_mut().lost += 1;
    }

    /// Reads the frames that have come in whole; answers how many pings were among them.
    fn frames(&mut self, heard: &RefCell<Heard>, since: fn(i64) -> Duration) -> io::Result<u32> {
        let (mut at, mut pings) = (0, 0);
        while let Some((opcode, start, end)) = frame(&self.received[at..]) {
            let payload = &self.received[at + start..at + end];
            match opcode {
                CLOSE => return Err(ErrorKind::ConnectionAborted.into()),
                PING => pings += 1,
                _ => {
                    if let Some(tick) = quote_tick(payload)
                        && let Some(latencies) = &mut heard.borrow_mut().latencies
                    {
                        latencies.add(since(tick));
                    }
                }
            }
            at += end;
        }
        self.received.drain(..at);
        Ok(pings)
    }
}

/// A client's text with an empty mask.
fn masked_text(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u8::try_from(payload.len()) {
        Ok(length @ 0..126) => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// The first frame's opcode, and where its payload starts and ends; `None` until it has come in whole.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (opcode, short) = (bytes.first()? & 0xf, bytes.get(1)? & 0x7f);
    let (start, length) = match short {
        126 => (
            4,
            usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])),
        ),
        127 => (
            10,
            usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?,
        ),
        length => (2, usize::from(length)),
    };
    let end = start + length;
    (bytes.len() >= end).then_some((opcode, start, end))
}

/// The tick of a quote; `None` for what is no quote.
fn quote_tick(payload: &[u8]) -> Option<i64> {
    let rest = payload.strip_prefix(br#"{"type":"quote","seq":"#)?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_once_they_are_whole() {
        let text = br#"{"type":"quote","seq":1780315200000,"symbol":"KO","bid":"62.53","ask":"62.55","last":"62.54","at":"2026-06-01T12:00:00Z"}"#;
        let mut bytes = vec![0x81, 126];
        bytes.extend((text.len() as u16).to_be_bytes());
        bytes.extend(text);
        for end in 0..bytes.len() {
            assert!(frame(&bytes[..end]).is_none(), "{end}");
        }
        let (opcode, start, end) = frame(&bytes).unwrap();
        assert_eq!((opcode, end), (1, bytes.len()));
        assert_eq!(quote_tick(&bytes[start..end]), Some(1_780_315_200_000));
        assert_eq!(frame(&[0x89, 0]), Some((PING, 2, 2)));
        assert_eq!(quote_tick(br#"{"type":"heartbeat","seq":1}"#), None);
    }
}
