//! `[mail]`: outgoing mail.

use serde::{Deserialize, Deserializer, de::Error};

use super::field::within;

/// Outgoing mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// An address, or a name with an address in angle brackets.
    #[serde(deserialize_with = "sender")]
    pub from: String,
    /// Mails with a link of one kind that one address gets in an hour at most.
    #[serde(deserialize_with = "within::<1, 1_000, _, _>")]
    pub links_per_hour: i64,
}

fn sender<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let sender = String::deserialize(from)?;
    if is_sender(&sender) {
        return Ok(sender);
    }
    Err(D::Error::custom(format!(
        "{sender:?} is not a sender; write an address, as in Stockade <no-reply@example.com>"
    )))
}

/// A rough look, so that a slip shows before anything is sent; the mailer judges the address itself.
fn is_sender(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>'),
        None => Some(text),
    };
    let parts = address.and_then(|address| address.split_once('@'));
    let fine =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>@,".contains(c));
    !text.chars().any(char::is_control) && parts.is_some_and(|(name, host)| fine(name) && fine(host))
}
