//! Outgoing mail. A mail is plain text with an HTML alternative, and everything in it is an argument: its id, its
//! date, its words. Nothing a person typed can add a header or a recipient.
//!
//! [`Mailer::Folder`] writes one file a mail, and [`Mailbox`] reads them back for the development mailbox page.

mod compose;
mod folder;
#[cfg(test)]
mod tests;

use std::{io, path::PathBuf};

use jiff::Timestamp;
use uuid::Uuid;

pub use self::folder::{Folder, MailSummary, Mailbox};

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Into a folder, one RFC 5322 file a mail. Nobody is written to.
    Folder(Folder),
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

    /// Hands the mail over. When this returns, the mail is on disk.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        match self {
            Self::Folder(folder) => folder.write(mail).await,
        }
    }
}
