//! Makes a backup.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use auditlog::SigningKey;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::json;
use stockade_platform::{
    clock::Clock,
    db::{Location, copies, migrate},
    vault::stream,
};

use super::{
    BackupError, Tell, file,
    manifest::{LogHead, Manifest},
};
use crate::{
    config::{Config, Key},
    core::{
        actor::Actor,
        audit::checkpoint,
        change::{Change, Core},
        event::AuditEvent,
        keys::open_vault,
        migrations,
    },
    http::error::ApiResult,
};

const COPYING: &str = "copying the database";

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// Its folder.
    pub folder: PathBuf,
    /// What it is.
    pub manifest: Manifest,
}

/// Makes a backup in a new folder below `into`, named after the instant in UTC. The server may serve meanwhile.
///
/// # Errors
/// Says what is in the way; then there is no such folder.
pub async fn make(config: &Config, into: &Path, tell: Tell<'_>) -> Result<Made, BackupError> {
    let location = config.location();
    let core = open(config, &location).await?;
    tell("signing the head of the audit log", None);
    let log = log_head(config, &core).await?;
    let now = core.clock.now();
    let newest = migrations::ALL.last().map_or(0, |last| last.version);
    let manifest = Manifest::new(now, &location, newest, log);
    let name = free_name(into, now);
    let folder = into.join(&name);
    let draft = into.join(format!(".{name}"));
    file::folder(&draft).map_err(|error| BackupError::of(draft.display(), error))?;
    let written = write(config, &location, manifest, &draft, tell).await;
    let made = match written {
        Ok(manifest) => fs::rename(&draft, &folder)
            .map(|()| manifest)
            .map_err(|error| BackupError::of(folder.display(), error)),
        Err(why) => Err(why),
    };
    match made {
        Ok(manifest) => {
            record(&core, &manifest).await?;
            Ok(Made { folder, manifest })
        }
        Err(why) => {
            let _ = fs::remove_dir_all(&draft);
            Err(why)
        }
    }
}

/// The database, as it is: whoever backs up before an upgrade does not want to have upgraded.
async fn open(config: &Config, location: &Location) -> Result<Arc<Core>, BackupError> {
    let fail = |what: &str, error: &dyn std::fmt::Display| BackupError::of(what, error);
    let waiting = migrate::waiting(location, migrations::ALL)
        .await
        .map_err(|error| fail("the database", &error))?;
    if waiting > 0 {
        let why = format!("{waiting} migrations have not run; back up with the program that wrote it");
        return Err(fail("the database", &why));
    }
    let keys = config
        .keys()
        .map_err(|error| fail("cannot read the keys", &error))?;
    let masters: Vec<_> = keys
        .master
        .into_iter()
        .map(|named| (named.id, named.source))
        .collect();
    Core::open_with(location, Clock::System, async |db| open_vault(db, &masters).await)
        .await
        .map_err(|error| fail("cannot open the database", &error))
}

async fn log_head(config: &Config, core: &Core) -> Result<Option<LogHead>, BackupError> {
    let keys = config
        .keys()
        .map_err(|error| BackupError::of("cannot read the keys", error))?;
    let key = SigningKey::from_seed(&config.audit.origin, keys.audit.expose_secret())
        .map_err(|error| BackupError::of("audit.origin", error))?;
    let signed = checkpoint::sign(core, &key)
        .await
        .map_err(|error| BackupError::of("the audit log", error))?;
    Ok(signed.map(|signed| LogHead {
        size: signed.checkpoint.size,
        checkpoint: signed.note,
    }))
}

/// Writes copy and manifest. What is to be sealed lies in clear only below the data folder, where the database itself
/// does, and never on the medium of the backup.
async fn write(
    config: &Config,
    location: &Location,
    mut manifest: Manifest,
    folder: &Path,
    tell: Tell<'_>,
) -> Result<Manifest, BackupError> {
    let fail = |path: &Path, error: &dyn std::fmt::Display| BackupError::of(path.display(), error);
    let target = folder.join(&manifest.file);
    match &config.backup.key {
        None => {
            tell(COPYING, Some(&target));
            copies::copy(location, &target)
                .await
                .map_err(|error| fail(&target, &error))?;
        }
        Some(key) => {
            let scratch = tempdir(&config.data_dir, manifest.made_at)?;
            let clear = scratch.0.join(&manifest.file);
            tell(COPYING, Some(&clear));
            copies::copy(location, &clear)
                .await
                .map_err(|error| fail(&clear, &error))?;
            manifest.file.push_str(".sealed");
            manifest.sealed = true;
            let target = folder.join(&manifest.file);
            tell("sealing the copy", Some(&target));
            seal(key, &clear, &target).map_err(|error| fail(&target, &error))?;
        }
    }
    let target = folder.join(&manifest.file);
    tell("taking the checksum", None);
    (manifest.bytes, manifest.sha256) = file::checksum(&target).map_err(|error| fail(&target, &error))?;
    manifest.write(folder)?;
    Ok(manifest)
}

fn seal(key: &Key, clear: &Path, target: &Path) -> io::Result<()> {
    let mut sealed = file::create(target)?;
    stream::seal(key.expose_secret(), file::open(clear)?, &mut sealed)?;
    file::finish(sealed)
}

/// A folder that goes with what it holds.
pub(super) struct Scratch(pub(super) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn tempdir(data_dir: &Path, now: Timestamp) -> Result<Scratch, BackupError> {
    let path = data_dir
        .join("tmp")
        .join(format!("backup-{}-{}", name(now), std::process::id()));
    file::folder(&path).map_err(|error| BackupError::of(path.display(), error))?;
    Ok(Scratch(path))
}

/// The name of the second, or of the first one after it that no other backup has.
fn free_name(into: &Path, now: Timestamp) -> String {
    let is_free = |name: &String| !into.join(name).exists() && !into.join(format!(".{name}")).exists();
    let seconds = (0..).map(|later| name(now + SignedDuration::from_secs(later)));
    seconds.take(60).find(is_free).unwrap_or_else(|| name(now))
}

/// `20260314T092653Z`: sorts by time.
fn name(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

async fn record(core: &Arc<Core>, manifest: &Manifest) -> Result<(), BackupError> {
    let event = AuditEvent::done("backup.made").about_nobody().with(json!({
        "sha256": manifest.sha256,
        "bytes": manifest.bytes,
        "sealed": manifest.sealed,
    }));
    let commit = async move |change: &mut Change<'_>| change.commit(event.clone(), ());
    let done: ApiResult<()> = core.change(Actor::program("stockade backup"), commit).await;
    done.map_err(|error| {
        BackupError::of(
            "the backup is made, but could not be put on record",
            format!("{error:?}"),
        )
    })
}
