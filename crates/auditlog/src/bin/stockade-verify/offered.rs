//! What is offered as proof of an entry: a proof file with the entry's bytes in a file beside it, or the server's
//! answer (`GET /api/v1/audit/mine/{id}/proof`, saved as it came), which holds both and mostly also what the entry
//! says. Nothing in either is believed before it is checked.

use std::fs;
use std::path::Path;

use auditlog::{Checkpoint, Leaf, Proof, VerifyingKey, commitment};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// A proof and the entry that it is for.
pub(crate) struct Offered {
    proof: String,
    leaf: Vec<u8>,
    payload: Option<Payload>,
}

/// What the entry says, and the salt that shows it.
struct Payload {
    bytes: Vec<u8>,
    salt: [u8; 32],
}

/// What the checks have shown.
pub(crate) struct Shown {
    pub(crate) index: u64,
    pub(crate) checkpoint: Checkpoint,
    /// What the entry says, when that was offered.
    pub(crate) payload: Option<Vec<u8>>,
}

/// The server's answer, as far as it is needed. The key in it is passed over: it would vouch for itself.
#[derive(Deserialize)]
struct Answer {
    leaf: String,
    proof: String,
    payload: Option<String>,
    salt: Option<String>,
}

impl Offered {
    /// Reads the file, and the entry's when that is not in it. An error is a sentence for people.
    pub(crate) fn read(file: &Path, entry: Option<&Path>) -> Result<Offered, String> {
        let say = |file: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(|error| say(file, &error))?;
        if !text.trim_start().starts_with('{') {
            let entry =
                entry.ok_or("A proof file does not hold the entry; name the entry's file with --entry.")?;
            let leaf = fs::read(entry).map_err(|error| say(entry, &error))?;
            return Ok(Offered {
                proof: text,
                leaf,
                payload: None,
            });
        }
        if entry.is_some() {
            return Err("The server's answer holds the entry itself; leave --entry out.".to_owned());
        }
        let answer: Answer = serde_json::from_str(&text).map_err(|error| say(file, &error))?;
        answer.decode().ok_or_else(|| say(file, &"a field is not base64"))
    }

    /// Checks all of it with the log's key. An error is the reason for refusing it.
    pub(crate) fn check(self, key: &VerifyingKey) -> Result<Shown, String> {
        let proof: Proof = self.proof.parse().map_err(|error| format!("{error}"))?;
        let checkpoint = proof.verify(&self.leaf, key).map_err(|error| error.to_string())?;
        let committed = Leaf::decode(&self.leaf)
            .map_err(|error| error.to_string())?
            .commitment;
        if self
            .payload
            .as_ref()
            .is_some_and(|said| commitment(&said.salt, &said.bytes) != committed)
        {
            return Err("the entry is in the log, but does not say what the payload says".to_owned());
        }
        Ok(Shown {
            index: proof.index,
            checkpoint,
            payload: self.payload.map(|said| said.bytes),
        })
    }
}

impl Answer {
    fn decode(self) -> Option<Offered> {
        let payload = match (self.payload, self.salt) {
            (Some(payload), Some(salt)) => Some(Payload {
                bytes: STANDARD.decode(payload).ok()?,
                salt: STANDARD.decode(salt).ok()?.try_into().ok()?,
            }),
            (None, None) => None,
            _ => return None,
        };
        Some(Offered {
            proof: self.proof,
            leaf: STANDARD.decode(self.leaf).ok()?,
            payload,
        })
    }
}
