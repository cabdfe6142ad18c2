//! Where events go.

use std::{
    io::{self, SeekFrom},
    path::{Path, PathBuf},
};

use stockade_platform::syslog::Syslog;
use tokio::{
    fs::OpenOptions,
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

use super::{lines, ocsf::Event, rfc5424};
use crate::config::Lines;

/// A place that takes batches of events.
pub(super) enum Target {
    /// The program's own log.
    Lines(Lines),
    /// A file.
    File(PathBuf),
    /// A receiver, and how we call ourselves to it.
    Syslog(Syslog, String),
}

impl Target {
    /// The follower's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Lines(_) => "security_log.lines",
            Self::File(_) => "security_log.file",
            Self::Syslog(..) => "security_log.syslog",
        }
    }

    /// Hands a batch over; when this answers, all of it is there.
    ///
    /// # Errors
    /// When the target is away; some of the batch may have arrived.
    pub(super) async fn take(&self, events: Vec<Event>) -> io::Result<()> {
        match self {
            Self::Lines(which) => {
                let made = events.iter().filter(|event| lines::makes_line(event, *which));
                made.for_each(lines::write);
                Ok(())
            }
            Self::File(path) => append(path, &events).await,
            Self::Syslog(syslog, host) => {
                let messages: Vec<_> = events.iter().map(|event| rfc5424::message(event, host)).collect();
                syslog.send(&messages).await
            }
        }
    }
}

/// A line each, on disk when this answers. A line that a crash cut off is ended first, so that it spoils no other.
async fn append(path: &Path, events: &[Event]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    let mut lines = Vec::new();
    if file.seek(SeekFrom::End(0)).await? > 0 {
        file.seek(SeekFrom::End(-1)).await?;
        if file.read_u8().await? != b'\n' {
            lines.push(b'\n');
        }
    }
    for event in events {
        serde_json::to_writer(&mut lines, &event.json())?;
        lines.push(b'\n');
    }
    file.write_all(&lines).await?;
    file.sync_data().await
}
