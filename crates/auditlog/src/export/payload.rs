//! One line of an export's payload file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What one entry's payload is, or that it is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadLine {
    /// Which entry.
    pub seq: u64,
    /// The entry's id.
    pub id: [u8; 16],
    /// Payload and salt; `None` once they are erased.
    pub content: Option<Secret>,
}

/// A payload with the salt that makes its commitment.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// The bytes committed to.
    pub payload: Vec<u8>,
    /// The entry's own salt.
    pub salt: [u8; 32],
}

/// A line that has not the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a payload line")]
pub struct NotAPayloadLine;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    seq: u64,
    id: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
}

impl PayloadLine {
    /// The line, without its newline.
    pub fn to_json(&self) -> String {
        let id = format!("{:032x}", u128::from_be_bytes(self.id)).into();
        let content = self.content.as_ref();
        let line = Line {
            seq: self.seq,
            id,
            payload: content.map(|secret| STANDARD.encode(&secret.payload)),
            salt: content.map(|secret| STANDARD.encode(secret.salt)),
            erased: content.is_none(),
        };
        serde_json::to_string(&line).expect("numbers and strings always have a JSON form")
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is neither of the two documented forms.
    pub fn from_json(line: &[u8]) -> Result<PayloadLine, NotAPayloadLine> {
        serde_json::from_slice::<Line<'_>>(line)
            .ok()
            .and_then(Line::check)
            .ok_or(NotAPayloadLine)
    }
}

impl Line<'_> {
    fn check(self) -> Option<PayloadLine> {
        let content = match (self.payload, self.salt, self.erased) {
            (None, None, true) => None,
            (Some(payload), Some(salt), false) => Some(Secret {
                payload: STANDARD.decode(payload).ok()?,
                salt: STANDARD.decode(salt).ok()?.try_into().ok()?,
            }),
            _ => return None,
        };
        let digits = self.id.len() == 32 && self.id.bytes().all(|digit| digit.is_ascii_hexdigit());
        let id = u128::from_str_radix(&self.id, 16).ok().filter(|_| digits)?;
        Some(PayloadLine {
            seq: self.seq,
            id: id.to_be_bytes(),
            content,
        })
    }
}

/// Says how long the payload is, never what it says.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_survive_the_journey() {
        let content = Some(Secret {
            payload: b"{}".to_vec(),
            salt: [9; 32],
        });
        for content in [content, None] {
            let line = PayloadLine {
                seq: 7,
                id: [0xa5; 16],
                content,
            };
            assert_eq!(PayloadLine::from_json(line.to_json().as_bytes()), Ok(line));
        }
        let erased = PayloadLine {
            seq: 7,
            id: [1; 16],
            content: None,
        };
        assert_eq!(
            erased.to_json(),
            r#"{"seq":7,"id":"01010101010101010101010101010101","erased":true}"#
        );
    }

    #[test]
    fn other_forms_are_refused() {
        let id = "01010101010101010101010101010101";
        for bad in [
            format!(r#"{{"seq":7,"id":"{id}"}}"#),
            format!(r#"{{"seq":7,"id":"{id}","payload":"e30=","erased":true}}"#),
            format!(r#"{{"seq":7,"id":"{id}","payload":"e30=","salt":"AAAA"}}"#),
            format!(r#"{{"seq":7,"id":"{id}","erased":true,"more":1}}"#),
            r#"{"seq":7,"id":"+1010101010101010101010101010101","erased":true}"#.to_owned(),
            "7".to_owned(),
        ] {
            assert_eq!(
                PayloadLine::from_json(bad.as_bytes()),
                Err(NotAPayloadLine),
                "{bad}"
            );
        }
    }
}
