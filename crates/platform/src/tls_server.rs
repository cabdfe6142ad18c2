//! TLS as a server: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1 by ALPN (RFC 7301), with a certificate that can be replaced while
//! connections go on: who is connected stays, who connects next sees the new one.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::net::TcpStream;
pub use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// Why there is no certificate to serve with. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read, or holds something else.
    #[error("{}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The key is another certificate's.
    #[error("the key does not belong to the certificate, or is of a kind that TLS does not use: {0}")]
    Key(rustls::Error),
}

/// Accepts TLS connections with the certificate of two files.
#[derive(Clone)]
pub struct TlsServer {
    acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

/// The certificate in use, and where it comes from.
struct Certificate {
    files: [PathBuf; 2],
    /// What the files held when they were last looked at, whether it could be used or not.
    seen: Mutex<[Vec<u8>; 2]>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl TlsServer {
    /// Reads the certificate with its chain, and its private key, both PEM.
    ///
    /// # Errors
    /// [`CertificateError`] when they cannot be used.
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let files = [certificate.to_owned(), key.to_owned()];
        let held = read(&files)?;
        let current = RwLock::new(Arc::new(parse(&files, &held)?));
        let certificate = Arc::new(Certificate {
            files,
            seen: Mutex::new(held),
            current,
        });
        let resolver: Arc<dyn ResolvesServerCert> = certificate.clone();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        })
    }

    /// The handshake of a connection.
    pub fn accept(&self, stream: TcpStream) -> Accept<TcpStream> {
        self.acceptor.accept(stream)
    }

    /// Looks at the files again. True when they hold another certificate, which counts from now on. One that cannot be used
    /// is told of once, and the one in use stays.
    ///
    /// # Errors
    /// [`CertificateError`] when the files have changed and cannot be used.
    pub fn refresh(&self) -> Result<bool, CertificateError> {
        self.certificate.refresh()
    }
}

impl Certificate {
    fn refresh(&self) -> Result<bool, CertificateError> {
        let held = read(&self.files)?;
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == held {
                return Ok(false);
            }
            seen.clone_from(&held);
        }
        let fresh = Arc::new(parse(&self.files, &held)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(
            &self.current.read().unwrap_or_else(PoisonError::into_inner),
        ))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

fn read(files: &[PathBuf; 2]) -> Result<[Vec<u8>; 2], CertificateError> {
    let [certificate, key] = files
        .each_ref()
        .map(|path| fs::read(path).map_err(|error| fault(path, &error)));
    Ok([certificate?, key?])
}

fn parse(files: &[PathBuf; 2], held: &[Vec<u8>; 2]) -> Result<CertifiedKey, CertificateError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&held[0]).collect();
    let chain = chain.map_err(|error| fault(&files[0], &error))?;
    if chain.is_empty() {
        return Err(fault(
            &files[0],
            &"nothing between BEGIN CERTIFICATE and END CERTIFICATE",
        ));
    }
    // What the library says of a bad key does not repeat it.
    let key = PrivateKeyDer::from_pem_slice(&held[1]).map_err(|error| fault(&files[1], &error))?;
    CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(CertificateError::Key)
}

fn fault(path: &Path, why: &dyn fmt::Display) -> CertificateError {
    CertificateError::File {
        path: path.to_owned(),
        why: why.to_string(),
    }
}
