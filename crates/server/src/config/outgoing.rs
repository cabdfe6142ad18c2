//! `[outgoing]`: requests to other people's servers.

use std::{net::IpAddr, path::PathBuf};

use serde::Deserialize;

use super::{
    Network,
    field::{networks, optional_file},
};

/// Requests to other people's servers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outgoing {
    /// What may be connected to although it is not public, also without TLS.
    #[serde(deserialize_with = "networks")]
    pub allowed_networks: Vec<Network>,
    /// Certificates (PEM) to trust besides the system's.
    #[serde(deserialize_with = "optional_file")]
    pub ca_file: Option<PathBuf>,
}

impl Outgoing {
    /// Whether an address may be connected to although it is not public.
    pub fn allows(&self, address: IpAddr) -> bool {
        self.allowed_networks
            .iter()
            .any(|network| network.contains(address))
    }
}
