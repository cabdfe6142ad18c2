//! Outgoing mail. A mail is plain text with an HTML alternative, and everything in it is an argument: its id, its
//! date, its words. Nothing a person typed can add a header or a recipient.
//!
//! [`Mailer::Folder`] writes one file a mail, and [`Mailbox`] reads them back for the development mailbox page.
//! [`Mailer::Smtp`] hands mails to a server.

mod compose;
mod folder;
mod smtp;
#[cfg(test)]
mod tests;

use std::{io, path::PathBuf};

use jiff::Timestamp;
use uuid::Uuid;

pub use self::{
    folder::{Folder, MailSummary, Mailbox},
    smtp::{Encryption, Smtp, SmtpSettings, is_this_machine},
};

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Into a folder, one RFC 5322 file a mail. Nobody is written to.
    Folder(Folder),
    /// To a mail server, which takes them on.
    Smtp(Smtp),
}

/// One mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Names the mail for good: sending it again replaces it instead of doubling it.
    pub id: Uuid,
    /// The date in its header.
    pub at: Timestamp,
    /// The recipient's bare address, in ASCII (an international domain in its `xn--` form).
    pub to: String,
    /// One line; runs of blanks become one.
    pub subject: String,
    /// The text everybody can read.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Not an address that may stand in a header. Trying again does not help.
    #[error("not a mail address")]
    InvalidAddress,
    /// A subject is one line without control characters. Trying again does not help.
    #[error("a subject is one line")]
    InvalidSubject,
    /// The folder could not be read or written. Trying again may help.
    #[error("the mail folder failed")]
    Io(#[from] io::Error),
    /// The server will never take this mail, says this code (RFC 5321 §4.2.1). Trying again does not help.
    #[error("the mail server refused it for good ({0})")]
    Refused(u16),
    /// The server does not take this mail now, says this code. Trying again may help.
    #[error("the mail server put it off ({0})")]
    Postponed(u16),
    /// No server, no TLS, or no sign-in: nothing to do with this mail, and the next would fare no better.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
    /// The settings do not work.
    #[error("{0}")]
    Setup(String),
}

impl MailError {
    /// Whether this mail will never go out.
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            Self::InvalidAddress | Self::InvalidSubject | Self::Refused(_)
        )
    }

    /// Whether every other mail would fail as well.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Unavailable(_) | Self::Setup(_))
    }
}

impl Mailer {
    /// A mailer that writes into `path`, which is made when it is missing. `from` is an address, or a name with an
    /// address in angle brackets.
    ///
    /// # Errors
    /// [`MailError::InvalidAddress`] for `from`.
    pub fn folder(path: impl Into<PathBuf>, from: &str) -> Result<Self, MailError> {
        Ok(Self::Folder(Folder::new(path.into(), compose::sender(from)?)))
    }

    /// A mailer that hands mails to a server. It is not spoken to before the first mail.
    ///
    /// # Errors
    /// [`MailError::InvalidAddress`] for `from`; [`MailError::Setup`] for settings that cannot work.
    pub fn smtp(settings: SmtpSettings, from: &str) -> Result<Self, MailError> {
        Ok(Self::Smtp(Smtp::new(settings, compose::sender(from)?)?))
    }

    /// Whether mail could be handed over now: the folder can be made, the server takes connections.
    pub async fn is_available(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.is_available().await,
            Self::Smtp(smtp) => smtp.is_available().await,
        }
    }

    /// Hands the mail over. When this returns, the mail is on disk, or the server has taken it.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        match self {
            Self::Folder(folder) => folder.write(mail).await,
            Self::Smtp(smtp) => smtp.send(mail).await,
        }
    }
}
