//! `[backup]`: where backups go, and whether they are sealed.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{
    field::optional_file,
    secrets::{Key, optional_key},
};

/// Where backups go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The folder that each backup gets a folder in; `backups` in the data folder when not given.
    #[serde(deserialize_with = "optional_file")]
    folder: Option<PathBuf>,
    /// What seals them; none when not given.
    #[serde(deserialize_with = "optional_key")]
    pub key: Option<Key>,
}

impl Backup {
    /// The folder that each backup gets a folder in.
    pub fn folder(&self, data_dir: &Path) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| data_dir.join("backups"))
    }
}
