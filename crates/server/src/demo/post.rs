//! The post of the demonstration: mails go into a folder of their own, are read by whom they are for, and removed.

use std::{
    collections::HashMap,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use stockade_platform::mail::{MailSummary, Mailer};

use super::{DemoError, Done};

/// Mails kept in mind for one person.
const KEPT: usize = 6;

/// Everybody's mailbox.
pub(super) struct Post {
    folder: PathBuf,
    mailer: Mailer,
    newest: HashMap<String, Vec<MailSummary>>,
}

impl Post {
    pub(super) fn new(data_dir: &Path, from: &str) -> Done<Self> {
        let folder = data_dir.join("demo-mail");
        let mailer = Mailer::folder(&folder, from).map_err(|error| DemoError(error.to_string()))?;
        Ok(Self {
            folder,
            mailer,
            newest: HashMap::new(),
        })
    }

    /// What hands mails over.
    pub(super) fn mailer(&self) -> Mailer {
        self.mailer.clone()
    }

    /// Brings what has arrived to whom it is for.
    pub(super) async fn collect(&mut self) -> Done {
        let Mailer::Folder(folder) = &self.mailer else {
            return Ok(());
        };
        let read = |error: std::io::Error| DemoError(format!("{}: {error}", self.folder.display()));
        let mut arrived = folder.mailbox().list().await.map_err(read)?;
        arrived.reverse();
        for mail in arrived {
            let path = self.folder.join(format!("{}.eml", mail.id));
            tokio::fs::remove_file(path).await.map_err(read)?;
            let mails = self.newest.entry(mail.to.clone()).or_default();
            mails.push(mail);
            let surplus = mails.len().saturating_sub(KEPT);
            mails.drain(..surplus);
        }
        Ok(())
    }

    /// The newest code that somebody was mailed.
    pub(super) fn code(&self, address: &str) -> Option<String> {
        let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        self.mails(address).find_map(|mail| {
            let mut words = mail.text.split(|c: char| !c.is_ascii_alphanumeric());
            words.find(is_code).map(str::to_owned)
        })
    }

    /// The token of the newest link to a page that somebody was mailed.
    pub(super) fn token(&self, address: &str, page: &str) -> Option<String> {
        let start = format!("/{page}?token=");
        self.mails(address).find_map(|mail| {
            let mut links = mail.links.iter();
            links.find_map(|link| Some(link.split_once(&start)?.1.to_owned()))
        })
    }

    /// Removes the folder.
    pub(super) async fn close(&self) -> Done {
        match tokio::fs::remove_dir_all(&self.folder).await {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(DemoError(format!("{}: {error}", self.folder.display())))
            }
            _ => Ok(()),
        }
    }

    fn mails(&self, address: &str) -> impl Iterator<Item = &MailSummary> {
        self.newest.get(address).into_iter().flatten().rev()
    }
}
