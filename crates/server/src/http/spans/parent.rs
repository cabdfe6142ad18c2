//! `traceparent`: who called us (W3C Trace Context §3.2.2).

use axum::http::HeaderMap;

/// The trace and the caller's span; `None` without the header, when it comes twice, or when it is not as the standard
/// has it.
pub(super) fn read(headers: &HeaderMap) -> Option<([u8; 16], [u8; 8])> {
    let mut values = headers.get_all("traceparent").iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else {
        return None;
    };
    let mut parts = value.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // Later versions may add parts; this one has none.
    let known = version.len() == 2 && version != "ff" && (version != "00" || parts.next().is_none());
    let lower_case = !value.contains(|letter: char| letter.is_ascii_uppercase());
    if !known || !lower_case || flags.len() != 2 || u8::from_str_radix(flags, 16).is_err() {
        return None;
    }
    let (mut id, mut parent) = ([0; 16], [0; 8]);
    hex::decode_to_slice(trace, &mut id).ok()?;
    hex::decode_to_slice(span, &mut parent).ok()?;
    (id != [0; 16] && parent != [0; 8]).then_some((id, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    fn reads(text: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", text.parse().unwrap());
        read(&headers).is_some()
    }

    #[test]
    fn only_what_the_standard_has_is_read() {
        assert!(reads(&format!("00-{TRACE}-{SPAN}-01")));
        assert!(reads(&format!("01-{TRACE}-{SPAN}-01-more")));
        for bad in [
            String::new(),
            format!("00-{TRACE}-{SPAN}"),
            format!("00-{TRACE}-{SPAN}-01-more"),
            format!("ff-{TRACE}-{SPAN}-01"),
            format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
            format!("00-{}-{SPAN}-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{TRACE}-{SPAN}-zz"),
            format!("00-{}-{SPAN}-01", &TRACE[1..]),
        ] {
            assert!(!reads(&bad), "{bad}");
        }
    }
}
