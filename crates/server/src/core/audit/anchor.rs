//! The newest signed head, kept in a file beside the database rather than in it. A database that was put back from a
//! backup, or exchanged, does not know what happened since; this file does.
//!
//! Invariant: as long as nobody put an older database in place, the log continues the kept head. When it does not, the
//! server does not start until an administrator has said, on record, that this is as it should be.

use std::{fs, io, path::Path};

use auditlog::{
    Checkpoint, Hash, SigningKey,
    checkpoint::{CheckpointError, open},
    tree::{consistency_plan, verify_consistency},
};
use serde::Serialize;
use stockade_platform::db::{DbResult, Reader};

use super::{nodes, store};
use crate::core::{change::Core, event::AuditEvent};

/// The file's name in the data folder.
const FILE: &str = "audit-checkpoint";

/// How the log in the database stands to the kept head.
#[derive(Debug)]
pub enum Standing {
    /// Nothing is kept, or the log continues it.
    Continues,
    /// It does not.
    Broken(Break),
}

/// A log that does not continue the kept head.
#[derive(Clone, Debug, Serialize)]
pub struct Break {
    /// Entries under the kept head.
    pub kept_size: u64,
    /// The kept head's root.
    pub kept_root: String,
    /// Entries in the database.
    pub log_size: u64,
    /// Whether the log is only shorter: every entry it has may be as it was.
    pub behind: bool,
}

/// Keeps a signed head, in the place of the one before.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(data_dir: &Path, note: &str) -> io::Result<()> {
    let draft = data_dir.join(format!("{FILE}.draft"));
    fs::write(&draft, note)?;
    fs::rename(draft, data_dir.join(FILE))
}

/// The kept head, word for word.
///
/// # Errors
/// When there is a file that cannot be read.
pub fn kept(data_dir: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(data_dir.join(FILE)) {
        Ok(note) => Ok(Some(note)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why it cannot be told how the log stands.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The file cannot be read.
    #[error("the kept checkpoint {FILE} in data_dir cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file is not one that this log's key signed.
    #[error(
        "the kept checkpoint {FILE} in data_dir is refused: {0}; secrets.audit_key or audit.origin is not what it was, or \
         somebody changed the file"
    )]
    Refused(#[from] CheckpointError),
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] stockade_platform::db::DbError),
}

/// Holds the log against the kept head.
///
/// # Errors
/// [`AnchorError`].
pub async fn standing(core: &Core, key: &SigningKey, data_dir: &Path) -> Result<Standing, AnchorError> {
    let Some(note) = kept(data_dir)? else {
        return Ok(Standing::Continues);
    };
    let kept = open(&note, key.verifying_key())?;
    let standing = core
        .db
        .read(async move |reader: &mut Reader| compare(reader, &kept).await)
        .await?;
    Ok(standing)
}

async fn compare(reader: &mut Reader, kept: &Checkpoint) -> DbResult<Standing> {
    let head = store::head(reader).await?;
    let size = head.size as u64;
    let broken = Standing::Broken(Break {
        kept_size: kept.size,
        kept_root: kept.root.to_string(),
        log_size: size,
        behind: size < kept.size,
    });
    let Some(root) = head.root.map(Hash).filter(|_| size >= kept.size) else {
        return Ok(broken);
    };
    let Ok(plan) = consistency_plan(kept.size, size) else {
        return Ok(broken);
    };
    let tiles = nodes::tiles(reader, &plan, size).await?;
    let continues = plan
        .build(&tiles)
        .is_ok_and(|proof| verify_consistency(kept.size, kept.root, size, root, &proof).is_ok());
    Ok(if continues { Standing::Continues } else { broken })
}

/// An administrator says that the log goes on from what the database holds.
pub fn reanchored(broken: &Break, reason: &str) -> AuditEvent {
    #[derive(Serialize)]
    struct Details<'a> {
        reason: &'a str,
        #[serde(flatten)]
        broken: &'a Break,
    }
    AuditEvent::done("audit.reanchored")
        .about_nobody()
        .with(Details { reason, broken })
}

/// Puts the kept head aside under its size, so that the next one can be kept and this one can still be shown.
///
/// # Errors
/// When the file cannot be renamed.
pub fn set_aside(data_dir: &Path, broken: &Break) -> io::Result<()> {
    let aside = format!("{FILE}.superseded-{}", broken.kept_size);
    fs::rename(data_dir.join(FILE), data_dir.join(aside))
}

impl std::fmt::Display for Break {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            kept_size, log_size, ..
        } = self;
        match self.behind {
            true => write!(
                f,
                "the audit log has {log_size} entries, but {kept_size} were signed: the database is older than its log, as \
                 after a restored backup"
            ),
            false => write!(
                f,
                "the audit log of {log_size} entries does not continue the {kept_size} that were signed: the database was \
                 exchanged or its log rewritten"
            ),
        }
    }
}
