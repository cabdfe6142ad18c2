//! Who was erased, kept in a file beside the database. One that is put back from a backup has forgotten it, and holds the
//! keys again.
//!
//! Invariant: the file only grows. A line is the id of somebody erased, which names nobody any more.

use std::{
    collections::HashSet,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use stockade_platform::db::{DbResult, Reader};
use uuid::Uuid;

use super::store;
use crate::core::change::Core;

/// The file's name in the data folder.
const FILE: &str = "erased";

/// Adds whoever is erased in the database to the file.
///
/// # Errors
/// When one cannot be read or the other not be written.
pub async fn keep_erasures(core: &Core, data_dir: &Path) -> DbResult<io::Result<usize>> {
    let erased = in_database(core).await?;
    Ok(add(data_dir, erased))
}

/// Of the kept ones, those whose erasure the database knows nothing of.
///
/// # Errors
/// When one of the two cannot be read.
pub async fn forgotten_erasures(core: &Core, data_dir: &Path) -> DbResult<io::Result<Vec<Uuid>>> {
    let known: HashSet<Uuid> = in_database(core).await?.into_iter().collect();
    let forgotten = |kept: Vec<Uuid>| kept.into_iter().filter(|id| !known.contains(id)).collect();
    Ok(kept(data_dir).map(forgotten))
}

async fn in_database(core: &Core) -> DbResult<Vec<Uuid>> {
    core.db
        .read(async |reader: &mut Reader| store::erased(reader).await)
        .await
}

fn add(data_dir: &Path, erased: Vec<Uuid>) -> io::Result<usize> {
    let known: HashSet<Uuid> = kept(data_dir)?.into_iter().collect();
    let new: Vec<Uuid> = erased.into_iter().filter(|id| !known.contains(id)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let lines: String = new.iter().map(|id| format!("{id}\n")).collect();
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(data_dir.join(FILE))?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    Ok(new.len())
}

fn kept(data_dir: &Path) -> io::Result<Vec<Uuid>> {
    match fs::read_to_string(data_dir.join(FILE)) {
        Ok(text) => Ok(text.lines().filter_map(|line| line.parse().ok()).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
