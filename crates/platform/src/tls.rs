//! TLS as a client: which authorities are trusted, and the one provider of cryptography (aws-lc-rs).

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
};

/// A certificate (DER).
pub(crate) type Certificate = CertificateDer<'static>;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read, or holds no certificate.
    #[error("{} holds no certificates in PEM: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// This machine knows no certificate authority.
    #[error("this system has no certificate authorities; install its package ca-certificates")]
    NoAuthorities,
    /// The protocol's versions do not go together with the provider.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// A client's settings: TLS 1.2 and 1.3, the system's authorities and these.
pub(crate) fn client(extra: &[Certificate]) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!(%error, "some of the system's certificate authorities could not be read");
    }
    roots.add_parsable_certificates(system.certs.into_iter().chain(extra.iter().cloned()));
    if roots.is_empty() {
        return Err(TlsError::NoAuthorities);
    }
    Ok(
        ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth(),
    )
}

/// The certificates in a PEM file.
///
/// # Errors
/// [`TlsError::File`] when there is none.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, TlsError> {
    let fault = |why: String| TlsError::File {
        path: path.to_owned(),
        why,
    };
    let bytes = std::fs::read(path).map_err(|error: io::Error| fault(error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|error| fault(error.to_string()))?;
    if found.is_empty() {
        return Err(fault(
            "nothing between BEGIN CERTIFICATE and END CERTIFICATE".to_owned(),
        ));
    }
    Ok(found)
}
