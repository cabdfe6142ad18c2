//! What the parser lets pass and a server must not (RFC 9112): a request that proxies on its way may have understood as
//! another one.

use axum::http::{HeaderMap, Version, header, request::Parts, uri::Authority};

use super::error::{ApiResult, Problem};

/// Whether the request says once, and properly, whom it is for (§3.2).
///
/// # Errors
/// 400 `request.host`.
pub fn check(parts: &Parts) -> ApiResult<()> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let fine = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_authority),
        (None, _) => parts.version != Version::HTTP_11,
        (Some(_), Some(_)) => false,
    };
    if fine {
        return Ok(());
    }
    Err(Problem::bad_request(
        "request.host",
        "send exactly one Host, a name or address with or without a port",
    )
    .into())
}

/// Whether the connection must end with the answer. The parser prefers chunks where a length is given, too, and does not
/// tell (§6.1); what follows may have been meant as a part of this request.
pub fn ends_connection(version: Version, headers: &HeaderMap) -> bool {
    version <= Version::HTTP_11 && headers.contains_key(header::TRANSFER_ENCODING)
}

fn is_authority(text: &str) -> bool {
    !text.contains('@') && text.parse::<Authority>().is_ok()
}
