//! A server of feeds on this machine, which answers as a story wants, byte for byte.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What lies at a path.
#[derive(Clone)]
pub enum Answer {
    /// A document, with an ETag that is its length.
    Feed(Vec<u8>),
    /// This status and nothing else.
    Status(u16),
    /// A redirect.
    To(String),
    /// So many bytes are promised, and as many are sent as are taken.
    Endless(Option<u64>),
}

/// The server. Cheap to clone.
#[derive(Clone)]
pub struct Feeds {
    pub port: u16,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Feeds {
    pub async fn start(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let feeds = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let this = feeds.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(this.clone().serve(stream));
            }
        });
        feeds
    }

    /// Puts an answer at a path.
    pub fn put(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// The requests so far, heads whole.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn serve(self, mut stream: TcpStream) {
        let (mut head, mut chunk) = (Vec::new(), [0; 4_096]);
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            match stream.read(&mut chunk).await {
                Ok(read) if read > 0 => head.extend_from_slice(&chunk[..read]),
                _ => return,
            }
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let answer = self.answers.lock().unwrap().get(&path).cloned();
        self.asked.lock().unwrap().push(head.clone());
        let _ = respond(&mut stream, answer.unwrap_or(Answer::Status(404)), &head).await;
    }
}

async fn respond(stream: &mut TcpStream, answer: Answer, head: &str) -> std::io::Result<()> {
    let closed = "connection: close\r\n";
    match answer {
        Answer::Feed(body) => {
            let etag = format!("\"{}\"", body.len());
            if head.contains(&format!("if-none-match: {etag}")) {
                let answer = format!("HTTP/1.1 304 Not Modified\r\netag: {etag}\r\n{closed}\r\n");
                return stream.write_all(answer.as_bytes()).await;
            }
            let length = body.len();
            let answer =
                format!("HTTP/1.1 200 OK\r\netag: {etag}\r\ncontent-length: {length}\r\n{closed}\r\n");
            stream.write_all(answer.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Answer::Status(status) => {
            let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n{closed}\r\n");
            stream.write_all(answer.as_bytes()).await
        }
        Answer::To(target) => {
            let answer =
                format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n{closed}\r\n");
            stream.write_all(answer.as_bytes()).await
        }
        Answer::Endless(promised) => {
            let length = promised.map_or(String::new(), |bytes| format!("content-length: {bytes}\r\n"));
            let answer = format!("HTTP/1.1 200 OK\r\n{length}{closed}\r\n");
            stream.write_all(answer.as_bytes()).await?;
            stream
                .write_all(b"<rss version=\"2.0\"><channel><item><title>")
                .await?;
            // Ends when the client goes away.
            loop {
                stream.write_all(&[b'x'; 65_536]).await?;
            }
        }
    }
}

/// A feed of RSS with these items.
pub fn rss(items: &str) -> Answer {
    let text = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>"
    );
    Answer::Feed(text.into_bytes())
}

/// An item of RSS.
pub fn item(id: &str, title: &str, published: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title><link>https://example.com/{id}</link><pubDate>{published}</pubDate></item>"
    )
}
