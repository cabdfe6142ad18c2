//! A shop with its doors open: the program's router behind a real socket, spoken to byte by byte.

use std::{net::SocketAddr, time::Duration};

use stockade::http::{listen, router};
use stockade_platform::tls_server::TlsServer;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use super::shop::Shop;

/// Nothing in a story takes so long, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A listening shop.
pub struct Door {
    pub address: SocketAddr,
    pub tls: Option<TlsServer>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Door {
    /// Opens a door to this shop, with TLS when its settings say so.
    pub async fn of(shop: &Shop) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let app = shop.app.clone();
        let tls = app.config.tls.files();
        let tls = tls.map(|(certificate, key)| TlsServer::open(certificate, key).expect("a certificate"));
        let (stop, stopped) = oneshot::channel();
        let theirs = tls.clone();
        let serving = tokio::spawn(async move {
            let router = router::router(app.clone());
            let stopped = async { drop(stopped.await) };
            listen::serve(listener, router, &app.config.server, theirs, stopped).await;
        });
        Self {
            address,
            tls,
            stop: Some(stop),
            serving,
        }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("somebody listens")
    }

    /// Sends bytes on a connection of their own; answers all that comes back until the other side closes.
    pub async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The other side may have heard enough before the end.
        let _ = stream.write_all(bytes).await;
        rest(&mut stream).await
    }

    /// Tells the server to stop, and waits until it has.
    pub async fn close(mut self) {
        drop(self.stop.take());
        within(self.serving).await.expect("the server ends by itself");
    }
}

/// All that comes until the other side closes.
pub async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut heard = Vec::new();
    // A reset is an end, too.
    let _ = within(stream.read_to_end(&mut heard)).await;
    String::from_utf8_lossy(&heard).into_owned()
}

/// Asks on a connection that stays open; answers head and body.
pub async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &str) -> String {
    stream.write_all(request.as_bytes()).await.expect("a connection");
    let mut heard = String::new();
    loop {
        let mut bytes = [0; 4096];
        let count = within(stream.read(&mut bytes)).await.expect("a connection");
        assert_ne!(count, 0, "closed after {heard:?}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
        if let Some((head, body)) = heard.split_once("\r\n\r\n") {
            let lower = head.to_lowercase();
            let length = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().expect("a number")) {
                return heard;
            }
        }
    }
}

/// What must not hang.
pub async fn within<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("it hangs")
}
