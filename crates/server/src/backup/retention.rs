//! Old backups go.

use std::{fs, path::Path};

use super::{BackupError, manifest::Manifest};

/// Length of a backup's name, `20260314T092653Z`.
const NAME: usize = 16;

/// Removes all but the newest backups of a folder, and answers how many. What is not a whole backup with a name of ours
/// stays.
///
/// # Errors
/// Names the folder that could not be read or removed.
pub fn keep_newest(folder: &Path, keep: usize) -> Result<usize, BackupError> {
    let fail = |error: std::io::Error| BackupError::of(folder.display(), error);
    let mut backups = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| name.len() == NAME && name.starts_with(|first: char| first.is_ascii_digit()));
        if ours && Manifest::is_in(&entry.path()) {
            backups.push(entry.path());
        }
    }
    backups.sort_unstable();
    let old = backups.len().saturating_sub(keep);
    for backup in &backups[..old] {
        fs::remove_dir_all(backup).map_err(|error| BackupError::of(backup.display(), error))?;
    }
    Ok(old)
}
