//! The edge: what lies between the socket and the features.

mod admission;
mod cors;
mod headers;
mod hostile;
mod http2;
mod limits;
mod proxies;
mod rate_limits;
mod stalls;
mod transport;
