//! Checks a backup, and puts it back.

use std::{io, path::Path};

use secrecy::ExposeSecret as _;
use stockade_platform::{
    clock::Clock,
    db::{Location, copies},
    vault::stream,
};

use super::{
    BackupError, Tell, file,
    make::tempdir,
    manifest::{Manifest, kind},
};
use crate::{
    config::{Config, Key},
    core::migrations,
};

/// Says what a backup is, once it is certain that it is whole and that it can be put back with these settings.
///
/// # Errors
/// Says what is wrong with it.
pub fn check(config: &Config, folder: &Path, tell: Tell<'_>) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(folder)?;
    let known = migrations::ALL.last().map_or(0, |last| last.version);
    if manifest.schema > known {
        let why = format!(
            "its schema is {}, this program knows {known}: restore with the newer program",
            manifest.schema
        );
        return Err(BackupError::of(folder.display(), why));
    }
    let wanted = kind(&config.location());
    if manifest.database != wanted {
        let why = format!("it is of {}, but database.url names {wanted}", manifest.database);
        return Err(BackupError::of(folder.display(), why));
    }
    let path = folder.join(&manifest.file);
    tell("comparing the checksum", None);
    let found = file::checksum(&path).map_err(|error| BackupError::of(path.display(), error))?;
    if found != (manifest.bytes, manifest.sha256.clone()) {
        return Err(BackupError::of(
            path.display(),
            "its length or checksum is not that of the manifest: it is damaged",
        ));
    }
    if let Some(key) = key(config, &manifest, &path)? {
        tell("opening the seal", None);
        open(key, &path, io::sink()).map_err(|error| BackupError::of(path.display(), error))?;
    }
    Ok(manifest)
}

/// Puts a backup in the place of the database. What stood there is set aside when `replace` is asked for, and is else the
/// reason to refuse; answers under which name it is kept.
///
/// # Errors
/// Says what is in the way; then nothing has changed.
pub async fn put_back(
    config: &Config,
    folder: &Path,
    replace: bool,
    tell: Tell<'_>,
) -> Result<(Manifest, Option<String>), BackupError> {
    let manifest = check(config, folder, tell)?;
    let now = Clock::System.now();
    let location = config.location();
    let parent = match &location {
        Location::Sqlite { path, .. } => path.parent(),
        Location::Postgres { .. } => None,
    };
    for folder in parent.into_iter().chain([config.data_dir.as_path()]) {
        std::fs::create_dir_all(folder).map_err(|error| BackupError::of(folder.display(), error))?;
    }
    let path = folder.join(&manifest.file);
    let scratch = tempdir(&config.data_dir, now)?;
    let clear = scratch.0.join("database");
    let from = match key(config, &manifest, &path)? {
        None => path.as_path(),
        Some(key) => {
            let opened = file::create(&clear).map_err(|error| BackupError::of(clear.display(), error))?;
            tell("opening the seal", Some(&clear));
            open(key, &path, opened).map_err(|error| BackupError::of(path.display(), error))?;
            clear.as_path()
        }
    };
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    tell("putting it in the database's place", None);
    let aside = copies::put_back(&location, from, replace, &stamp)
        .await
        .map_err(|error| BackupError(error.to_string()))?;
    Ok((manifest, aside))
}

/// The key that the backup is sealed with, if it is.
fn key<'a>(config: &'a Config, manifest: &Manifest, path: &Path) -> Result<Option<&'a Key>, BackupError> {
    match (manifest.sealed, &config.backup.key) {
        (false, _) => Ok(None),
        (true, Some(key)) => Ok(Some(key)),
        (true, None) => Err(BackupError::of(
            path.display(),
            "it is sealed; set backup.key to the key that it was made with",
        )),
    }
}

fn open(key: &Key, path: &Path, into: impl io::Write) -> Result<(), stream::StreamError> {
    stream::open(key.expose_secret(), file::open(path)?, into)
}
