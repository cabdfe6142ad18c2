//! How one value becomes a field. Each function takes one value and says, when it is not acceptable, what it is and
//! what to write instead. Secrets are parsed elsewhere, because these messages show the value.

use std::{fmt::Display, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use axum::http::Uri;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use super::Network;

/// A whole number from `MIN` to `MAX`.
pub(super) fn within<'de, const MIN: u64, const MAX: u64, T, D>(from: D) -> Result<T, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    let number = i64::deserialize(from)?;
    u64::try_from(number)
        .ok()
        .filter(|number| (MIN..=MAX).contains(number))
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| D::Error::custom(format!("{number} is out of range; write {MIN} to {MAX}")))
}

/// Milliseconds from `MIN` to `MAX`.
pub(super) fn milliseconds<'de, const MIN: u64, const MAX: u64, D>(from: D) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    within::<MIN, MAX, u64, D>(from).map(Duration::from_millis)
}

/// Seconds from `MIN` to `MAX`.
pub(super) fn seconds<'de, const MIN: u64, const MAX: u64, D>(from: D) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    within::<MIN, MAX, u64, D>(from).map(Duration::from_secs)
}

/// Minutes from `MIN` to `MAX`.
pub(super) fn minutes<'de, const MIN: u64, const MAX: u64, D>(from: D) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    within::<MIN, MAX, u64, D>(from).map(|minutes| Duration::from_secs(minutes * 60))
}

/// Hours from `MIN` to `MAX`.
pub(super) fn hours<'de, const MIN: u64, const MAX: u64, D>(from: D) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    within::<MIN, MAX, u64, D>(from).map(|hours| Duration::from_secs(hours * 3_600))
}

/// Days of 24 hours from `MIN` to `MAX`.
pub(super) fn days<'de, const MIN: u64, const MAX: u64, D>(from: D) -> Result<Duration, D::Error>
where
    D: Deserializer<'de>,
{
    within::<MIN, MAX, u64, D>(from).map(|days| Duration::from_secs(days * 86_400))
}

/// Text of at least one visible character.
pub(super) fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(D::Error::custom(format!(
            "{name:?} is no name; write one, on one line"
        )));
    }
    Ok(name)
}

/// A folder, which need not exist yet.
pub(super) fn folder<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    let path = PathBuf::deserialize(from)?;
    if path.as_os_str().is_empty() {
        return Err(D::Error::custom(
            "empty; write the path of a folder, as in ./data",
        ));
    }
    Ok(path)
}

/// A file, or none when empty.
pub(super) fn optional_file<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(from)?;
    Ok((!path.as_os_str().is_empty()).then_some(path))
}

/// An address with its port.
pub(super) fn socket<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    parsed(from, "an address with a port; write one, as in 127.0.0.1:8000")
}

/// Addresses and networks.
pub(super) fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Network>, D::Error> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|error: super::network::NotANetwork| wrong(text, error))
    };
    Vec::<String>::deserialize(from)?.iter().map(parse).collect()
}

/// Days, as in 2026-12-25.
pub(super) fn dates<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Date>, D::Error> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|_| wrong(text, "a day; write year, month and day, as in 2026-12-25"))
    };
    Vec::<String>::deserialize(from)?.iter().map(parse).collect()
}

/// Scheme, host and port of web sites, as browsers write them into `Origin`.
pub(super) fn origins<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let origin = |text: String| {
        if is_origin(&text) && !text.ends_with('/') && text == text.to_lowercase() {
            return Ok(text);
        }
        let wanted = "the origin of a web site; write scheme and host in small letters, as in https://charts.example.com";
        Err(wrong(&text, wanted))
    };
    Vec::<String>::deserialize(from)?
        .into_iter()
        .map(origin)
        .collect()
}

/// Scheme, host and port of a web address; a single slash at the end is taken off.
pub(super) fn public_url<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if is_origin(&text) {
        return Ok(text.strip_suffix('/').unwrap_or(&text).to_owned());
    }
    Err(wrong(
        &text,
        "the address of a site; write scheme and host, as in https://stockade.example.com",
    ))
}

fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let has_host = uri.authority().is_some_and(|authority| {
        let named_port = authority.as_str().len() > authority.host().len();
        !authority.host().is_empty()
            && !authority.as_str().contains('@')
            && named_port == authority.port_u16().is_some()
    });
    let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#');
    matches!(uri.scheme_str(), Some("http" | "https")) && has_host && bare
}

/// A web address to which more is added; empty means none.
pub(super) fn optional_url<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    let fine = text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none()
    });
    if fine && !text.contains(['#', '@']) {
        return Ok(Some(text.trim_end_matches('/').to_owned()));
    }
    Err(wrong(
        &text,
        "a web address; write one, as in https://passwords.example.com/range, or leave it empty",
    ))
}

fn parsed<'de, T: FromStr, D: Deserializer<'de>>(from: D, wanted: &str) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| wrong(&text, wanted))
}

fn wrong<E: Error>(text: &str, wanted: impl Display) -> E {
    E::custom(format!("{text:?} is not {wanted}"))
}
