//! `[mail]`: outgoing mail.

use std::{path::PathBuf, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error};
use stockade_domain::notices::Notice;
use stockade_platform::mail::{Encryption, SmtpSettings, is_this_machine};

use super::field::{minutes, optional_file, seconds, within};

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
    /// The mail server's name or address; empty when there is none.
    pub smtp_host: String,
    /// The mail server's port.
    #[serde(deserialize_with = "within::<1, 65_535, _, _>")]
    pub smtp_port: u16,
    /// How the connection is encrypted.
    #[serde(deserialize_with = "encryption")]
    pub smtp_encryption: Encryption,
    /// Who signs in; empty when nobody does.
    pub smtp_user: String,
    /// What they sign in with.
    #[serde(deserialize_with = "secret")]
    pub smtp_password: SecretString,
    /// A certificate (PEM) to trust besides the system's.
    #[serde(deserialize_with = "optional_file")]
    pub smtp_ca_file: Option<PathBuf>,
    /// How long one mail may take.
    #[serde(rename = "smtp_timeout_seconds", deserialize_with = "seconds::<1, 60, _>")]
    pub smtp_timeout: Duration,
    /// The kinds of notice that people get unless they choose otherwise, besides those that are always sent.
    pub kinds: Vec<Notice>,
    /// Mails of one kind that an address gets at once.
    #[serde(deserialize_with = "within::<1, 1_000, _, _>")]
    pub burst: u32,
    /// After a burst, the time for each further one.
    #[serde(rename = "interval_minutes", deserialize_with = "minutes::<1, 1_440, _>")]
    pub interval: Duration,
}

impl Mail {
    /// How the mail server is spoken to, if there is one. We introduce ourselves as `hello`.
    pub fn smtp(&self, hello: &str) -> Option<SmtpSettings> {
        let login = || (self.smtp_user.clone(), self.smtp_password.clone());
        (!self.smtp_host.is_empty()).then(|| SmtpSettings {
            host: self.smtp_host.clone(),
            port: self.smtp_port,
            encryption: self.smtp_encryption,
            login: (!self.smtp_user.is_empty()).then(login),
            ca_file: self.smtp_ca_file.clone(),
            timeout: self.smtp_timeout,
            hello: hello.to_owned(),
        })
    }

    /// Whether mails would cross a network unencrypted.
    pub(super) fn is_in_the_clear(&self) -> bool {
        self.smtp_encryption == Encryption::None
            && !self.smtp_host.is_empty()
            && !is_this_machine(&self.smtp_host)
    }

    /// Whether only one of user and password is there.
    pub(super) fn is_half_a_login(&self) -> bool {
        let (user, password) = (&self.smtp_user, self.smtp_password.expose_secret());
        !self.smtp_host.is_empty() && user.is_empty() != password.is_empty()
    }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

fn encryption<'de, D: Deserializer<'de>>(from: D) -> Result<Encryption, D::Error> {
    match String::deserialize(from)?.as_str() {
        "tls" => Ok(Encryption::Tls),
        "starttls" => Ok(Encryption::StartTls),
        "none" => Ok(Encryption::None),
        other => Err(D::Error::custom(format!(
            "{other:?} is no encryption; write tls, starttls or none"
        ))),
    }
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
