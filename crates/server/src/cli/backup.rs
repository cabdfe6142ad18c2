//! `stockade backup` and `stockade restore`. Exit code 1 when there is no backup, or nothing was put back.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::json;

use super::progress::Steps;
use crate::{
    backup::{self, Manifest},
    config::Config,
};

#[derive(Args)]
pub(super) struct Backup {
    /// The folder that the backup's folder is made in [default: the setting backup.folder]
    folder: Option<PathBuf>,
    /// Afterwards remove all but so many of the newest
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Restore {
    /// The backup's folder
    folder: PathBuf,
    /// Only say whether the backup is whole and opens
    #[arg(long, conflicts_with = "replace")]
    check: bool,
    /// Set a database that is there aside
    #[arg(long)]
    replace: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

pub(super) async fn make(config: Config, ask: Backup) -> ExitCode {
    let folder = ask
        .folder
        .unwrap_or_else(|| config.backup.folder(&config.data_dir));
    let steps = Steps::new();
    let made = backup::make(&config, &folder, &|what, writes| steps.next(what, writes)).await;
    drop(steps);
    let made = match made {
        Ok(made) => made,
        Err(why) => return super::fail(&why),
    };
    let removed = match ask.keep.map(|keep| backup::keep_newest(&folder, keep.into())) {
        None => 0,
        Some(Ok(removed)) => removed,
        Some(Err(why)) => return super::fail(&why),
    };
    let (path, manifest) = (made.folder.display().to_string(), &made.manifest);
    let sealed = if manifest.sealed { ", sealed" } else { "" };
    answer(
        ask.json,
        json!({ "folder": path, "removed": removed, "manifest": manifest }),
        format!(
            "{path}: {} bytes{sealed}; older ones removed: {removed}",
            manifest.bytes
        ),
    )
}

pub(super) async fn restore(config: Config, ask: Restore) -> ExitCode {
    let steps = Steps::new();
    let tell = |what, writes: Option<&Path>| steps.next(what, writes);
    let done = match ask.check {
        true => backup::check(&config, &ask.folder, &tell).map(|manifest| (manifest, None)),
        false => backup::put_back(&config, &ask.folder, ask.replace, &tell).await,
    };
    drop(steps);
    let (manifest, aside) = match done {
        Ok(done) => done,
        Err(why) => return super::fail(&why),
    };
    let what = in_words(&manifest);
    let text = match (&aside, ask.check) {
        (_, true) => format!("whole: {what}"),
        (None, false) => format!("put back: {what}"),
        (Some(aside), false) => format!("put back: {what}; what was there is kept as {aside}"),
    };
    answer(
        ask.json,
        json!({ "manifest": manifest, "set_aside": aside }),
        text,
    )
}

fn in_words(manifest: &Manifest) -> String {
    let log = manifest.log.as_ref().map_or(0, |log| log.size);
    format!(
        "{} of {}, schema {}, at least {log} entries in the audit log",
        manifest.database, manifest.made_at, manifest.schema
    )
}

fn answer(as_json: bool, json: serde_json::Value, text: String) -> ExitCode {
    match as_json {
        true => super::print(&format!("{json:#}")),
        false => super::print(&text),
    }
}
