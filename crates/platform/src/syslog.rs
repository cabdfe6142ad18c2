//! Messages for a syslog receiver, over UDP (RFC 5426), TCP with octet counting (RFC 6587 §3.4.1) or TLS (RFC 5425).
//!
//! A batch over TCP or TLS travels on a connection of its own that is closed for writing at its end, and counts as
//! delivered only when the receiver has closed it, too: bytes that merely lie in a buffer when a receiver goes away are
//! sent again. UDP promises nothing, and neither can this.

use std::{io, path::Path, str::FromStr, sync::Arc, time::Duration};

use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::tls::{self, TlsError};

/// How long connecting, and taking a batch in, may each take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a receiver listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyslogAddress {
    transport: Transport,
    host: String,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Udp,
    Tcp,
    Tls,
}

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address of a syslog receiver; write one, as in tls://logs.example.com:6514, tcp:// or udp://")]
pub struct NotASyslogAddress;

impl FromStr for SyslogAddress {
    type Err = NotASyslogAddress;

    fn from_str(text: &str) -> Result<Self, NotASyslogAddress> {
        let url: url::Url = text.parse().map_err(|_| NotASyslogAddress)?;
        let (transport, usual) = match url.scheme() {
            "udp" => (Transport::Udp, 514),
            "tcp" => (Transport::Tcp, 601),
            "tls" => (Transport::Tls, 6514),
            _ => return Err(NotASyslogAddress),
        };
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && matches!(url.path(), "" | "/");
        let host = url.host_str().filter(|_| bare).ok_or(NotASyslogAddress)?;
        Ok(Self {
            transport,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
        })
    }
}

/// A receiver.
pub struct Syslog {
    address: SyslogAddress,
    tls: Option<TlsConnector>,
}

impl Syslog {
    /// A receiver; with TLS its certificate is checked against the system's authorities and those in the file.
    ///
    /// # Errors
    /// When there are no authorities to check against.
    pub fn new(address: SyslogAddress, authorities: Option<&Path>) -> Result<Self, TlsError> {
        let tls = match address.transport {
            Transport::Tls => {
                let extra = authorities.map(tls::certificates).transpose()?;
                let config = tls::client(&extra.unwrap_or_default())?;
                Some(TlsConnector::from(Arc::new(config)))
            }
            Transport::Udp | Transport::Tcp => None,
        };
        Ok(Self { address, tls })
    }

    /// Sends messages in order.
    ///
    /// # Errors
    /// When the receiver is away, too slow, or has closed before it took everything; some may have arrived.
    pub async fn send(&self, messages: &[Vec<u8>]) -> io::Result<()> {
        let to = (self.address.host.as_str(), self.address.port);
        if self.address.transport == Transport::Udp {
            return in_time(datagrams(to, messages)).await;
        }
        let stream = in_time(TcpStream::connect(to)).await?;
        match &self.tls {
            None => in_time(batch(stream, messages)).await,
            Some(connector) => {
                let name = ServerName::try_from(self.address.host.clone()).map_err(io::Error::other)?;
                let stream = in_time(connector.connect(name, stream)).await?;
                in_time(batch(stream, messages)).await
            }
        }
    }
}

async fn datagrams(to: (&str, u16), messages: &[Vec<u8>]) -> io::Result<()> {
    let to = tokio::net::lookup_host(to)
        .await?
        .next()
        .ok_or_else(|| io::Error::other("the name has no address"))?;
    let any: std::net::IpAddr = match to {
        std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
        std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(to).await?;
    for message in messages {
        socket.send(message).await?;
    }
    Ok(())
}

/// Each message with its length in front; then our end, and theirs.
async fn batch(mut stream: impl AsyncRead + AsyncWrite + Unpin, messages: &[Vec<u8>]) -> io::Result<()> {
    let mut bytes = Vec::new();
    for message in messages {
        bytes.extend_from_slice(format!("{} ", message.len()).as_bytes());
        bytes.extend_from_slice(message);
    }
    stream.write_all(&bytes).await?;
    stream.shutdown().await?;
    let mut unasked = [0; 512];
    loop {
        match stream.read(&mut unasked).await {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // Receivers often end without TLS's closing word; they have taken everything all the same.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

async fn in_time<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(PATIENCE, work).await.unwrap_or_else(|_| {
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the receiver took too long",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_transport_host_and_port() {
        let read = |text: &str| {
            text.parse::<SyslogAddress>()
                .map(|a| (a.transport, a.host, a.port))
        };
        let host = || "logs.example.com".to_owned();
        assert_eq!(read("tls://logs.example.com"), Ok((Transport::Tls, host(), 6514)));
        assert_eq!(
            read("tcp://logs.example.com:1601"),
            Ok((Transport::Tcp, host(), 1601))
        );
        assert_eq!(
            read("udp://[::1]:514"),
            Ok((Transport::Udp, "::1".to_owned(), 514))
        );
        for wrong in [
            "",
            "logs.example.com",
            "http://logs.example.com",
            "tcp://",
            "tcp://a@b",
            "tcp://a/path",
        ] {
            assert_eq!(read(wrong), Err(NotASyslogAddress), "{wrong}");
        }
    }

    /// A receiver with TLS that ends once the sender has; answers where it listens and whom to trust.
    async fn receiver() -> (
        SyslogAddress,
        tempfile::NamedTempFile,
        tokio::task::JoinHandle<Vec<u8>>,
    ) {
        use std::io::Write as _;

        use rustls::{
            ServerConfig,
            crypto::aws_lc_rs,
            pki_types::{PrivateKeyDer, pem::PemObject as _},
        };

        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let mut ca = tempfile::NamedTempFile::new().unwrap();
        ca.write_all(made.cert.pem().as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = tokio::spawn(async move {
            let mut taken = Vec::new();
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                stream.read_to_end(&mut taken).await.unwrap();
                stream.shutdown().await.unwrap();
            }
            taken
        });
        (format!("tls://localhost:{port}").parse().unwrap(), ca, taken)
    }

    #[tokio::test]
    async fn over_tls_a_receiver_gets_its_messages_with_their_lengths() {
        let (address, ca, taken) = receiver().await;
        let syslog = Syslog::new(address, Some(ca.path())).unwrap();
        syslog.send(&[b"one".to_vec(), b"twenty".to_vec()]).await.unwrap();
        assert_eq!(taken.await.unwrap(), b"3 one6 twenty");
    }

    #[tokio::test]
    async fn a_receiver_that_nobody_vouches_for_gets_nothing() {
        let (address, _, taken) = receiver().await;
        let (_, other, unused) = receiver().await;
        unused.abort();
        let syslog = Syslog::new(address, Some(other.path())).unwrap();
        syslog.send(&[b"one".to_vec()]).await.unwrap_err();
        assert_eq!(taken.await.unwrap(), b"");
    }
}
