//! One keep-alive HTTP/1.1 connection: one request at a time, as little work as possible, since the generator shares
//! the machine with what it measures.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    ops::Range,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// More headers than any answer of ours has.
const HEADERS: usize = 48;

/// An open connection. After an error it is of no further use.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A whole answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

struct Head {
    status: u16,
    body: Range<usize>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(4096),
        })
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let mut head = None;
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if head.is_none() {
                head = read_head(&self.received)?;
            }
            if let Some(Head { status, body }) = &head
                && self.received.len() >= body.end
            {
                return Ok(Answer {
                    status: *status,
                    body: &self.received[body.clone()],
                });
            }
        }
    }
}

/// The head, once it has come in whole. Bodies have their length in front; nothing here is sent in chunks.
fn read_head(received: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let unreadable = |why: &str| io::Error::new(ErrorKind::InvalidData, why.to_owned());
    let start = match answer
        .parse(received)
        .map_err(|error| unreadable(&error.to_string()))?
    {
        httparse::Status::Partial => return Ok(None),
        httparse::Status::Complete(start) => start,
    };
    let status = answer
        .code
        .ok_or_else(|| unreadable("an answer without a status"))?;
    let length = answer
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length: usize = match length {
        Some(length) => std::str::from_utf8(length.value)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| unreadable("an unreadable content-length"))?,
        None if status == 204 || status == 304 => 0,
        None => return Err(unreadable("an answer without content-length")),
    };
    Ok(Some(Head {
        status,
        body: start..start + length,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
        for end in 0..answer.len() - 5 {
            assert!(read_head(&answer[..end]).unwrap().is_none(), "{end}");
        }
        let head = read_head(answer).unwrap().unwrap();
        assert_eq!((head.status, &answer[head.body]), (201, &b"hello"[..]));
        assert!(read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(read_head(b"no HTTP at all\r\n\r\n").is_err());
    }
}
