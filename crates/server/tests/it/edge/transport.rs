//! TLS that ends in the program: HTTP/1.1 and HTTP/2, and a certificate that is replaced while connections go on.

use std::{fs, path::Path, sync::Arc};

use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    on_both,
    support::{
        shop::Shop,
        socket::{Door, ask, within},
    },
};

const ABOUT: &str = "GET /api/v1/about HTTP/1.1\r\nhost: stockade.example.com\r\n\r\n";
const NAME: &str = "stockade.example.com";

/// Writes a new certificate for our name and its key; answers the certificate.
fn write_certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
    fs::write(folder.join("certificate.pem"), made.cert.pem()).expect("to write");
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("to write");
    made.cert.der().clone()
}

async fn connect(door: &Door, trusted: &CertificateDer<'static>, alpn: &str) -> Option<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.into()];
    let name = ServerName::try_from(NAME).expect("a name");
    within(TlsConnector::from(Arc::new(config)).connect(name, door.connect().await))
        .await
        .ok()
}

async fn open(database: crate::support::database::Database, folder: &Path) -> Shop {
    let path = |name: &str| folder.join(name).display().to_string();
    let settings = [
        ("TLS__CERTIFICATE_FILE", path("certificate.pem")),
        ("TLS__KEY_FILE", path("key.pem")),
        ("SERVER__PUBLIC_URL", format!("https://{NAME}")),
    ];
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Shop::start_with(database, &settings).await
}

on_both! {
    async fn both_versions_of_http_are_spoken_over_tls(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let certificate = write_certificate(folder.path());
        let shop = open(database, folder.path()).await;
        let door = Door::of(&shop).await;

        let mut stream = connect(&door, &certificate, "http/1.1").await.unwrap();
        let answer = ask(&mut stream, ABOUT).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age=31536000; includeSubDomains"), "{answer}");

        let stream = connect(&door, &certificate, "h2").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (mut client, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get(format!("https://{NAME}/api/v1/about")).body(Body::empty()).unwrap();
        let answer = within(client.send_request(request)).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers().contains_key("strict-transport-security"));
        assert!(!answer.into_body().collect().await.unwrap().to_bytes().is_empty());

        // Plain HTTP to the same port is not understood, let alone answered.
        let plain = door.say(ABOUT.as_bytes()).await;
        assert!(!plain.contains("HTTP/1.1 200"), "{plain}");
    }
}

on_both! {
    async fn a_new_certificate_counts_for_new_connections_only(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let old = write_certificate(folder.path());
        let shop = open(database, folder.path()).await;
        let door = Door::of(&shop).await;
        let tls = door.tls.clone().unwrap();
        let mut kept = connect(&door, &old, "http/1.1").await.unwrap();
        assert!(ask(&mut kept, ABOUT).await.starts_with("HTTP/1.1 200 "));

        // A key that does not fit changes nothing.
        let fine = fs::read(folder.path().join("key.pem")).unwrap();
        let other = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
        fs::write(folder.path().join("key.pem"), other.signing_key.serialize_pem()).unwrap();
        let _ = tls.refresh();
        assert!(connect(&door, &old, "http/1.1").await.is_some());
        fs::write(folder.path().join("key.pem"), fine).unwrap();
        let _ = tls.refresh();

        // Whoever looks first, the server itself or we.
        let new = write_certificate(folder.path());
        tls.refresh().unwrap();
        assert!(connect(&door, &old, "http/1.1").await.is_none());
        assert!(connect(&door, &new, "http/1.1").await.is_some());
        assert!(ask(&mut kept, ABOUT).await.starts_with("HTTP/1.1 200 "));
    }
}
