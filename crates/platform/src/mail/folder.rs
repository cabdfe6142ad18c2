//! A folder as the post: each mail is a file `<id>.eml`, whole or not there. The other end reads them back.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use lettre::message::Mailbox as Sender;
use mail_parser::MessageParser;
use tokio::{fs, io::AsyncWriteExt};
use uuid::Uuid;

use super::{Mail, MailError, compose};

/// Writes mails into a folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    from: Sender,
}

/// Reads the mails of a folder.
#[derive(Clone, Debug)]
pub struct Mailbox {
    path: PathBuf,
}

/// A mail as the mailbox page shows it, read from its file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MailSummary {
    /// The mail's id.
    pub id: Uuid,
    /// The recipient's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The date in its header, to the second.
    pub at: Timestamp,
    /// The plain text, lines ended by `\n`.
    pub text: String,
    /// The web addresses in the text, in order.
    pub links: Vec<String>,
}

impl Folder {
    pub(super) fn new(path: PathBuf, from: Sender) -> Self {
        Self { path, from }
    }

    /// The reading end of this folder.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new(&self.path)
    }

    pub(super) async fn is_available(&self) -> bool {
        fs::create_dir_all(&self.path).await.is_ok()
    }

    pub(super) async fn write(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = compose::compose(&self.from, mail)?;
        fs::create_dir_all(&self.path).await?;
        // Readers look for `.eml` only, so they never see half a mail.
        let unfinished = self.path.join(format!("{}.part", mail.id));
        let mut file = fs::File::create(&unfinished).await?;
        file.write_all(&bytes).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, self.path.join(format!("{}.eml", mail.id))).await?;
        Ok(())
    }
}

impl Mailbox {
    /// The mailbox that reads `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// All mails, newest first. A folder that does not exist yet has none; files of other makes are passed over.
    ///
    /// # Errors
    /// When the folder or a file cannot be read.
    pub async fn list(&self) -> io::Result<Vec<MailSummary>> {
        let mut entries = match fs::read_dir(&self.path).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            opened => opened?,
        };
        let mut mails = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            if let Some(id) = id_of(&entry.path()) {
                mails.extend(summary(id, &fs::read(entry.path()).await?));
            }
        }
        mails.sort_by_key(|mail| std::cmp::Reverse((mail.at, mail.id)));
        Ok(mails)
    }
}

/// The id in a mail's file name.
fn id_of(path: &Path) -> Option<Uuid> {
    let name = path.file_name()?.to_str()?;
    name.strip_suffix(".eml")?.parse().ok()
}

fn summary(id: Uuid, bytes: &[u8]) -> Option<MailSummary> {
    let message = MessageParser::default().parse(bytes)?;
    let text = message.body_text(0)?.replace("\r\n", "\n");
    Some(MailSummary {
        id,
        to: message.to()?.first()?.address()?.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        at: Timestamp::from_second(message.date()?.to_timestamp()).ok()?,
        links: links(&text),
        text,
    })
}

/// Words that start with `https://` or `http://`, without the brackets and full stops around them.
fn links(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || "<>\"".contains(c))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', ')']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_between_blanks_and_brackets() {
        let text = "Confirm: https://a.example/c?t=1&u=2. Or <http://b.example/x>,\nnot ftp://c.example or ahttp://d";
        assert_eq!(links(text), ["https://a.example/c?t=1&u=2", "http://b.example/x"]);
    }
}
