//! Which device a request comes from, as far as a request says: the hash of its device id, or else of its user agent.

use axum::http::{HeaderMap, header};

use super::opaque::sha256;

/// The header in which programs send their device id.
const HEADER: &str = "x-device-id";
/// The cookie in which browsers keep theirs.
const COOKIE: &str = "stockade-device";

/// SHA-256 over what names the device. Two hashes are equal when both requests name the same device.
pub(super) fn device_hash(headers: &HeaderMap) -> [u8; 32] {
    let header = headers.get(HEADER).map(|value| value.as_bytes());
    match header.or_else(|| cookie(headers)) {
        Some(id) => sha256(&[b"id:", id].concat()),
        None => {
            let agent = headers
                .get(header::USER_AGENT)
                .map_or(&b""[..], |value| value.as_bytes());
            sha256(&[b"user agent:", agent].concat())
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<&[u8]> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let is_ours = |name: &str| name == COOKIE || name.strip_prefix("__Host-") == Some(COOKIE);
    pairs
        .find(|(name, _)| is_ours(name))
        .map(|(_, value)| value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(pairs: &[(&'static str, &'static str)]) -> [u8; 32] {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        device_hash(&headers)
    }

    #[test]
    fn the_device_id_counts_before_the_user_agent() {
        let id = hash(&[("x-device-id", "abc"), ("user-agent", "one")]);
        assert_eq!(id, hash(&[("x-device-id", "abc"), ("user-agent", "two")]));
        assert_eq!(id, hash(&[("cookie", "a=b; __Host-stockade-device=abc")]));
        assert_eq!(
            id,
            hash(&[("cookie", "x=y"), ("cookie", "stockade-device=abc; c=d")])
        );
        assert_ne!(id, hash(&[("user-agent", "abc")]));
        assert_ne!(hash(&[("user-agent", "one")]), hash(&[("user-agent", "two")]));
    }
}
