//! An event as a message of RFC 5424, whose text is its OCSF.

use jiff::Timestamp;

use super::{class::Severity, ocsf::Event};

/// Log audit (§6.2.1).
const FACILITY: u8 = 13;
/// Longest MSGID and HOSTNAME (§6).
const MSGID: usize = 32;
const HOSTNAME: usize = 255;

/// The message, without framing.
pub(super) fn message(event: &Event, host: &str) -> Vec<u8> {
    let priority = FACILITY * 8 + severity(event.meaning.severity);
    let at = Timestamp::from_microsecond(event.micros).unwrap_or(Timestamp::UNIX_EPOCH);
    // Numbers begin again after the largest that there may be (§7.3.1).
    let number = event.seq % 2_147_483_647 + 1;
    let header = format!(
        "<{priority}>1 {at:.6} {host} stockade {pid} {kind}",
        host = word(host, HOSTNAME),
        pid = std::process::id(),
        kind = word(&event.kind, MSGID),
    );
    let data = format!(
        r#"[meta sequenceId="{number}"][origin software="stockade" swVersion="{version}"]"#,
        version = env!("CARGO_PKG_VERSION"),
    );
    format!("{header} {data} {}", ascii(&event.json().to_string())).into_bytes()
}

/// RFC 5424 §6.2.1: 2 critical, 3 error, 4 warning, 5 notice, 6 informational.
fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
        Severity::Informational => 6,
    }
}

/// Visible ASCII, never empty.
fn word(text: &str, longest: usize) -> String {
    let word: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    if word.is_empty() { "-".to_owned() } else { word }
}

/// JSON in ASCII, so that the message needs no mark of its encoding (§6.4).
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_ascii_means_the_same() {
        let text = "\"é 😀 \\u00e9\"";
        assert!(ascii(text).is_ascii());
        let read = |json: &str| serde_json::from_str::<String>(json).unwrap();
        assert_eq!(read(&ascii(text)), read(text));
        assert_eq!(word("a b\nc", 9), "abc");
        assert_eq!((word("é", 9), word("abc", 2)), ("-".to_owned(), "ab".to_owned()));
    }
}
