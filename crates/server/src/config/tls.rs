//! `[tls]`: TLS that ends in this program.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::field::optional_file;

/// A certificate and its key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM, the certificate first, then its chain.
    #[serde(deserialize_with = "optional_file")]
    pub certificate_file: Option<PathBuf>,
    /// PEM.
    #[serde(deserialize_with = "optional_file")]
    pub key_file: Option<PathBuf>,
}

impl Tls {
    /// Certificate and key, when TLS ends here.
    pub fn files(&self) -> Option<(&Path, &Path)> {
        self.certificate_file.as_deref().zip(self.key_file.as_deref())
    }
}
