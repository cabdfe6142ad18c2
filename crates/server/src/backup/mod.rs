//! Backups: a folder with a whole copy of the database, sealed when a key is set, and a manifest that says what it is.
//!
//! - The copy is what the database was at one instant, taken while the server serves.
//! - A backup is complete when its manifest is there: that is written last, and the folder gets its name after that.
//! - Keys are never in it. Without `secrets.master_keys` what is sealed in the database stays sealed.
//! - Each backup is on record in the audit log, since whoever holds one holds everybody's data.

mod file;
mod make;
mod manifest;
mod put_back;
mod retention;

use std::path::Path;

pub use self::{
    make::{Made, make},
    manifest::{LogHead, Manifest},
    put_back::{check, put_back},
    retention::keep_newest,
};

/// Is told each step of a backup or a restore: what is done now, and the file that grows meanwhile, if one does.
pub type Tell<'a> = &'a dyn Fn(&'static str, Option<&Path>);

/// Why there is no backup, or nothing was put back. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BackupError(String);

impl BackupError {
    fn of(what: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}
