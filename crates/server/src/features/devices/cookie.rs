//! Where a device's random id travels: a cookie that lives as long as browsers allow, or a header for programs.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use stockade_platform::random;

use crate::app::App;

/// The header in which programs send their device id.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-device-id");
/// 400 days, the longest that browsers keep a cookie (RFC 6265bis §5.5).
const MAX_AGE_SECONDS: u32 = 400 * 86_400;
/// The longest id that is read, in bytes; ours have 43.
const LONGEST: usize = 200;

/// Where a request's device id came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Header,
    Cookie,
}

/// The id that a request carries. The header counts before the cookie.
pub(super) fn read<'h>(app: &App, headers: &'h HeaderMap) -> Option<(&'h [u8], Carrier)> {
    if let Some(value) = headers.get(HEADER) {
        return usable(value.as_bytes()).map(|id| (id, Carrier::Header));
    }
    in_cookie(headers, name(app)).map(|id| (id, Carrier::Cookie))
}

/// 256 random bits as text.
pub(super) fn new_id() -> String {
    BASE64.encode(random::bytes::<32>())
}

/// Whether an id has the length and letters of ours, that is, room for 256 random bits.
pub(super) fn looks_like_ours(id: &[u8]) -> bool {
    BASE64.decode(id).is_ok_and(|bytes| bytes.len() == 32)
}

/// `Set-Cookie` for this id. Only this host may set or read a `__Host-` cookie (RFC 6265bis §4.1.3.2), so no neighbour
/// can plant an id that it knows; plain http, as on localhost, cannot have that.
pub(super) fn set(app: &App, id: &str) -> Option<HeaderValue> {
    let name = name(app);
    let secure = if is_secure(app) { "; Secure" } else { "" };
    let text = format!("{name}={id}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

fn name(app: &App) -> &'static str {
    if is_secure(app) {
        "__Host-stockade-device"
    } else {
        "stockade-device"
    }
}

fn is_secure(app: &App) -> bool {
    app.config.server.public_url.starts_with("https://")
}

fn in_cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .and_then(|(_, value)| usable(value.as_bytes()))
}

fn usable(id: &[u8]) -> Option<&[u8]> {
    (1..=LONGEST).contains(&id.len()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_under_its_whole_name() {
        let mut headers = HeaderMap::new();
        for line in ["a=b; stockade-device=plain", "__Host-stockade-device=hosted; c=d"] {
            headers.append(header::COOKIE, line.parse().unwrap());
        }
        assert_eq!(in_cookie(&headers, "stockade-device"), Some(&b"plain"[..]));
        assert_eq!(
            in_cookie(&headers, "__Host-stockade-device"),
            Some(&b"hosted"[..])
        );
        assert_eq!(in_cookie(&headers, "device"), None);
        assert!(usable(b"").is_none() && usable(&[b'x'; LONGEST + 1]).is_none());
        assert!(looks_like_ours(new_id().as_bytes()) && !looks_like_ours(b"my phone"));
    }
}
