//! `[server]`: the HTTP server and what stands in front of it.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use serde::Deserialize;

use super::{
    Network,
    field::{days, networks, origins, public_url, seconds, socket, within},
};

/// The HTTP server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where to listen; port 0 lets the system choose.
    #[serde(deserialize_with = "socket")]
    pub bind: SocketAddr,
    /// Scheme, host and port of links, without a slash at the end.
    #[serde(deserialize_with = "public_url")]
    pub public_url: String,
    /// Whether a proxy that ends TLS stands in front.
    pub behind_proxy: bool,
    /// Whose forwarding headers are believed.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<Network>,
    /// Where they write the client's address.
    pub forwarded_header: ForwardedHeader,
    /// Whose pages may call the API: scheme, host and port.
    #[serde(deserialize_with = "origins")]
    pub cors_origins: Vec<String>,
    /// How long browsers come by HTTPS only.
    #[serde(rename = "hsts_days", deserialize_with = "days::<1, 3_650, _>")]
    pub hsts: Duration,
    /// The longest request body.
    #[serde(deserialize_with = "within::<1_024, 16_777_216, _, _>")]
    pub body_limit_bytes: usize,
    /// From connection to the end of the headers.
    #[serde(rename = "header_timeout_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub header_timeout: Duration,
    /// From the headers to the end of the body.
    #[serde(rename = "body_timeout_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub body_timeout: Duration,
    /// Without any progress of what is sent.
    #[serde(rename = "write_timeout_seconds", deserialize_with = "seconds::<1, 300, _>")]
    pub write_timeout: Duration,
    /// Without a request.
    #[serde(rename = "idle_timeout_seconds", deserialize_with = "seconds::<1, 3_600, _>")]
    pub idle_timeout: Duration,
    /// Kept for further requests.
    #[serde(
        rename = "connection_age_seconds",
        deserialize_with = "seconds::<1, 86_400, _>"
    )]
    pub connection_age: Duration,
    /// Connections at once.
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub max_connections: usize,
    /// Connections at once from one address.
    #[serde(deserialize_with = "within::<1, 1_000_000, _, _>")]
    pub connections_per_address: usize,
    /// From the headers to the answer.
    #[serde(rename = "request_timeout_seconds", deserialize_with = "seconds::<1, 600, _>")]
    pub request_timeout: Duration,
    /// From the signal to stop to the end of the process.
    #[serde(rename = "drain_timeout_seconds", deserialize_with = "seconds::<0, 600, _>")]
    pub drain_timeout: Duration,
}

/// The headers in which proxies tell where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, the custom of most proxies.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Server {
    /// The name in `public_url`, without scheme and port.
    pub fn host(&self) -> &str {
        let (_, host) = self.public_url.split_once("://").unwrap_or_default();
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        }
    }

    /// Whether the forwarding headers of this peer are believed.
    pub fn is_trusted_proxy(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}
