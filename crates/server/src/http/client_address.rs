//! Where a request comes from, when proxies stand in between.
//!
//! Only the peer's own address is certain. When the peer is a trusted proxy, the one header that our proxies write is read
//! from its right end, where each of them added whom it heard from; the first address that is not one of ours is the
//! client's. Whatever stands further left, or in any other header, the client may have written itself.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::config::{ForwardedHeader, Server};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address.
pub fn client_address(server: &Server, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let peer = peer.to_canonical();
    if !server.is_trusted_proxy(peer) {
        return peer;
    }
    let name = match server.forwarded_header {
        ForwardedHeader::XForwardedFor => X_FORWARDED_FOR,
        ForwardedHeader::Forwarded => header::FORWARDED,
    };
    let lines: Vec<_> = headers.get_all(name).iter().collect();
    let mut nearest = peer;
    for line in lines.into_iter().rev() {
        let Ok(line) = line.to_str() else {
            return nearest;
        };
        for hop in line.rsplit(',') {
            let hop = match server.forwarded_header {
                ForwardedHeader::XForwardedFor => address(hop),
                ForwardedHeader::Forwarded => forwarded_for(hop),
            };
            match hop {
                Some(hop) if server.is_trusted_proxy(hop) => nearest = hop,
                Some(hop) => return hop,
                // Nobody vouches for what stands left of something unreadable.
                None => return nearest,
            }
        }
    }
    nearest
}

/// The `for` of one element (RFC 7239 §4): `for=192.0.2.43`, `for="[2001:db8::1]:4711"`. Names that hide an address
/// (§6.3) are none.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let value = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    })?;
    let unquoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    address(unquoted.unwrap_or(value))
}

/// An address, with or without a port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let parsed = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let parsed = parsed.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    parsed.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Inputs};

    fn server(header: &str) -> Server {
        let setting = |name: &str, value: &str| (format!("STOCKADE_SERVER__{name}"), value.to_owned());
        let environment = vec![
            setting("TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8"),
            setting("FORWARDED_HEADER", header),
        ];
        let inputs = Inputs {
            environment,
            ..Inputs::default()
        };
        Config::load(&inputs).unwrap().server
    }

    fn seen(server: &Server, peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        client_address(server, &map, peer.parse().unwrap()).to_string()
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_counts() {
        let server = server("x-forwarded-for");
        let seen = |peer, lines: &[&str]| {
            let headers: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            seen(&server, peer, &headers)
        };
        assert_eq!(
            seen("203.0.113.9", &["198.51.100.1"]),
            "203.0.113.9",
            "a stranger is not believed"
        );
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            seen("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen("10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, rubbish, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(seen("fd00::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn only_the_header_that_our_proxies_write_is_read() {
        let both = [
            ("x-forwarded-for", "6.6.6.6"),
            ("forwarded", "for=198.51.100.1;proto=https"),
        ];
        assert_eq!(seen(&server("forwarded"), "10.0.0.1", &both), "198.51.100.1");
        assert_eq!(seen(&server("x-forwarded-for"), "10.0.0.1", &both), "6.6.6.6");
        assert_eq!(seen(&server("forwarded"), "10.0.0.1", &both[..1]), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_as_it_is_written() {
        let server = server("forwarded");
        let seen = |line| seen(&server, "10.0.0.1", &[("forwarded", line)]);
        assert_eq!(
            seen("for=6.6.6.6, For=\"[2001:db8::1]:4711\";proto=https"),
            "2001:db8::1"
        );
        assert_eq!(seen("proto=https;for=198.51.100.1, for=10.0.0.2"), "198.51.100.1");
        assert_eq!(seen("for=6.6.6.6, for=_hidden"), "10.0.0.1");
        assert_eq!(seen("for=6.6.6.6, proto=https"), "10.0.0.1");
    }
}
