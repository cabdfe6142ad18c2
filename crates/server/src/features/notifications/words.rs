//! When, from where and with what something was done, as a letter says it.

use jiff::Timestamp;
use stockade_domain::device::Agent;

use crate::{core::audit::entries::EntryView, features::mail::Letter};

/// An instant in words; the clock is that of Greenwich, since nobody's own is known here.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// Adds when, from where and with which device. What staff did from where is not told.
pub(super) fn circumstances(letter: Letter, entry: &EntryView, device: Option<&str>) -> Letter {
    let letter = letter.fact("When", time(entry.at));
    if entry.subject.is_none_or(|subject| entry.is_by_another(subject)) {
        return letter;
    }
    let agent = entry
        .user_agent
        .as_deref()
        .map(|agent| Agent::read(agent).to_string());
    let letter = match device.map(str::to_owned).or(agent) {
        Some(device) => letter.fact("Device", device),
        None => letter,
    };
    match &entry.ip {
        Some(ip) => letter.fact("Address", ip.as_str()),
        None => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_dates() {
        assert_eq!(
            time("2026-06-01T08:05:00Z".parse().unwrap()),
            "1 June 2026, 08:05 UTC"
        );
    }
}
