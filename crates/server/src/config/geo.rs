//! `[geo]`: where addresses are.

use std::path::PathBuf;

use serde::Deserialize;

use super::field::optional_file;

/// Files in MaxMind's format, besides the one of countries that the program brings along.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Geo {
    /// Countries, regions and coordinates.
    #[serde(deserialize_with = "optional_file")]
    pub city_database: Option<PathBuf>,
    /// Autonomous systems.
    #[serde(deserialize_with = "optional_file")]
    pub network_database: Option<PathBuf>,
    /// Proxies, VPNs and the like.
    #[serde(deserialize_with = "optional_file")]
    pub anonymiser_database: Option<PathBuf>,
}
