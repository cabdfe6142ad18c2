//! Against real servers on this machine, with and without TLS: what an attacker's address must not reach, and limits.

use std::{
    convert::Infallible,
    io::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::*;

/// A web server on this machine. `/big` is a long answer, `/slow` none at all, `/to?URL` a redirect; everything else
/// says what was asked, and with which credentials.
struct Server {
    address: SocketAddr,
    /// The certificate to trust, where there is one.
    ca: NamedTempFile,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn with_tls() -> Self {
        Self::start(true).await
    }

    async fn plain() -> Self {
        Self::start(false).await
    }

    async fn start(tls: bool) -> Self {
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let mut ca = NamedTempFile::new().unwrap();
        ca.write_all(made.cert.pem().as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = tls.then(|| TlsAcceptor::from(Arc::new(config)));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            ca,
            connections: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                match acceptor.clone() {
                    None => drop(tokio::spawn(serve(stream))),
                    Some(acceptor) => drop(tokio::spawn(async move {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            serve(stream).await;
                        }
                    })),
                }
            }
        });
        server
    }

    fn url(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.address.port())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// A client that trusts this server and may connect to 127.0.0.1.
    fn client(&self) -> WebClient {
        WebClient::new(Some(self.ca.path()), |address| {
            address == IpAddr::V4(Ipv4Addr::LOCALHOST)
        })
        .unwrap()
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await;
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let credentials = request.headers().get(header::AUTHORIZATION).cloned();
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Ok(match head.uri.path() {
        "/big" => Response::new(vec![b'x'; 100_000].into()),
        "/slow" => std::future::pending().await,
        "/to" => Response::builder()
            .status(302)
            .header("location", head.uri.query().unwrap())
            .body(Full::default())
            .unwrap(),
        path => {
            let said = format!("{} {path} {:?} {credentials:?}", head.method, body);
            Response::builder().status(207).body(said.into()).unwrap()
        }
    })
}

async fn get(client: &WebClient, url: &str) -> Result<WebResponse, WebError> {
    client.send(WebRequest::get(url)?.following(3)).await
}

#[tokio::test]
async fn a_server_answers_in_tls_whatever_its_status() {
    let server = Server::with_tls().await;
    let request = WebRequest::post(&server.url("localhost", "/x#fragment"), "hello")
        .unwrap()
        .header(header::AUTHORIZATION, HeaderValue::from_static("secret"));
    let client = server.client();
    for _ in 0..2 {
        let answer = client.send(request.clone()).await.unwrap();
        assert_eq!(answer.status, 207);
        assert_eq!(answer.body, r#"POST /x b"hello" Some("secret")"#);
    }
    assert_eq!(server.connections(), 1, "the connection is kept");
}

#[tokio::test]
async fn what_is_not_public_is_not_even_connected_to() {
    let server = Server::plain().await;
    let client = WebClient::new(None, |_| false).unwrap();
    let port = server.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "224.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let answer = get(&client, &format!("{scheme}://{host}:{port}/")).await;
            assert!(
                matches!(answer, Err(WebError::NotPublic)),
                "{scheme} {host}: {answer:?}"
            );
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn public_servers_are_not_spoken_to_in_the_clear() {
    let client = WebClient::new(None, |_| false).unwrap();
    let answer = get(&client, "http://1.1.1.1/").await;
    assert!(matches!(answer, Err(WebError::Plain)), "{answer:?}");
}

#[tokio::test]
async fn a_redirect_leads_nowhere_else_either() {
    let server = Server::with_tls().await;
    let client = server.client();
    let to = |target: &str| server.url("localhost", &format!("/to?{target}"));

    let answer = get(&client, &to("/to?/found")).await.unwrap();
    assert_eq!(answer.body, r#"GET /found b"" None"#);
    for target in [
        "https://127.0.0.2/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
    ] {
        let answer = get(&client, &to(target)).await;
        assert!(matches!(answer, Err(WebError::NotPublic)), "{target}: {answer:?}");
    }
    let plain = Server::plain().await;
    let answer = get(&client, &to(&format!("http://{}/", plain.address))).await;
    assert!(matches!(answer, Err(WebError::Plain)), "{answer:?}");
    for target in [
        "file:///etc/passwd",
        "https://user:password@localhost/",
        "gopher://localhost",
    ] {
        let answer = get(&client, &to(target)).await;
        assert!(
            matches!(answer, Err(WebError::InvalidUrl)),
            "{target}: {answer:?}"
        );
    }
    let answer = get(&client, &to("/to?/to?/to?/found")).await;
    assert!(matches!(answer, Err(WebError::TooManyRedirects)), "{answer:?}");
    assert_eq!(plain.connections(), 0);

    let unfollowed = client
        .send(WebRequest::get(&to("/found")).unwrap())
        .await
        .unwrap();
    assert_eq!(unfollowed.status, 302);
}

#[tokio::test]
async fn credentials_stay_behind_when_a_redirect_leaves_the_origin() {
    let (one, other) = (Server::plain().await, Server::plain().await);
    let ask = async |target: String| {
        let url = format!("http://{}/to?{target}", one.address);
        let request = WebRequest::get(&url).unwrap().following(1);
        let secret = HeaderValue::from_static("secret");
        one.client()
            .send(request.header(header::AUTHORIZATION, secret))
            .await
            .unwrap()
            .body
    };
    assert_eq!(ask("/same".to_owned()).await, r#"GET /same b"" Some("secret")"#);
    assert_eq!(
        ask(format!("http://{}/else", other.address)).await,
        r#"GET /else b"" None"#
    );
}

#[tokio::test]
async fn a_certificate_of_nobody_we_trust_or_for_another_name_is_refused() {
    let server = Server::with_tls().await;
    let stranger = WebClient::new(None, |_| true).unwrap();
    let answer = get(&stranger, &server.url("localhost", "/")).await;
    assert!(matches!(answer, Err(WebError::Unreachable(_))), "{answer:?}");

    let trusting = WebClient::new(Some(server.ca.path()), |_| true).unwrap();
    let answer = get(&trusting, &server.url("127.0.0.2", "/")).await;
    assert!(matches!(answer, Err(WebError::Unreachable(_))), "{answer:?}");
}

#[tokio::test]
async fn time_and_length_are_limited() {
    let server = Server::with_tls().await;
    let client = server.client();
    let big = WebRequest::get(&server.url("localhost", "/big")).unwrap();
    let answer = client.send(big.clone().at_most(99_999)).await;
    assert!(matches!(answer, Err(WebError::TooLong)), "{answer:?}");
    assert_eq!(
        client.send(big.at_most(100_000)).await.unwrap().body.len(),
        100_000
    );

    let slow = WebRequest::get(&server.url("localhost", "/slow")).unwrap();
    let answer = client.send(slow.within(Duration::from_millis(50))).await;
    assert!(matches!(answer, Err(WebError::TooSlow)), "{answer:?}");
}

#[test]
fn other_addresses_and_files_without_certificates_are_refused() {
    for url in [
        "",
        "localhost",
        "ftp://a.example/",
        "https://",
        "https://ana:secret@a.example/",
        "https://ana@a.example/",
    ] {
        assert!(matches!(WebRequest::get(url), Err(WebError::InvalidUrl)), "{url}");
    }
    let nothing = NamedTempFile::new().unwrap();
    assert!(matches!(
        WebClient::new(Some(nothing.path()), |_| false),
        Err(WebError::Tls(_))
    ));
    assert!(matches!(
        WebClient::new(Some(Path::new("/nowhere")), |_| false),
        Err(WebError::Tls(_))
    ));
}
