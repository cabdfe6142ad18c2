//! `manifest.json`: what a backup is, so that it can be judged without opening it.

use std::{fs, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::db::Location;

use super::BackupError;

/// Its name in the backup's folder.
const FILE: &str = "manifest.json";

/// The only form so far.
const FORMAT: u32 = 1;

/// What a backup is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this description.
    pub format: u32,
    /// The instant at which it was begun; the copy is not older.
    pub made_at: Timestamp,
    /// The version of the program that made it.
    pub program: String,
    /// Of which database: `sqlite` or `postgres`.
    pub database: String,
    /// The schema's version.
    pub schema: i64,
    /// Where the audit log stood, at least.
    pub log: Option<LogHead>,
    /// The copy's name in the folder.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Whether `backup.key` is needed to read it.
    pub sealed: bool,
}

/// A signed head of the audit log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogHead {
    /// Entries.
    pub size: u64,
    /// The checkpoint, word for word.
    pub checkpoint: String,
}

impl Manifest {
    /// Of a backup begun at this instant, whose file is still to be described.
    pub(super) fn new(made_at: Timestamp, database: &Location, schema: i64, log: Option<LogHead>) -> Self {
        let database = kind(database);
        Self {
            format: FORMAT,
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: database.to_owned(),
            schema,
            log,
            file: format!("database.{database}"),
            bytes: 0,
            sha256: String::new(),
            sealed: false,
        }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self).expect("a manifest is plain data");
        fs::write(&path, text + "\n")
            .and_then(|()| fs::File::open(&path)?.sync_all())
            .map_err(|error| BackupError::of(path.display(), error))
    }

    /// The manifest of a backup.
    ///
    /// # Errors
    /// When the folder holds none, or one that this program cannot read.
    pub fn read(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path)
            .map_err(|error| BackupError::of(path.display(), format!("{error}; this is no whole backup")))?;
        let manifest: Self =
            serde_json::from_str(&text).map_err(|error| BackupError::of(path.display(), error))?;
        let plain_name =
            Path::new(&manifest.file).components().count() == 1 && !manifest.file.starts_with('.');
        if manifest.format != FORMAT || !plain_name {
            let why = format!("format {} is not one that this program reads", manifest.format);
            return Err(BackupError::of(path.display(), why));
        }
        Ok(manifest)
    }

    /// Whether the folder holds a whole backup.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }
}

/// The word for a database.
pub(super) fn kind(database: &Location) -> &'static str {
    match database {
        Location::Sqlite { .. } => "sqlite",
        Location::Postgres { .. } => "postgres",
    }
}
