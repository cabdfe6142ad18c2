//! `stockade incidents rebuild`.

use std::process::ExitCode;

use clap::Subcommand;

use super::progress;
use crate::{app::App, features::incidents};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Throw away what was gathered and gather it anew from the audit log; what people did with incidents is kept, and
    /// nobody is told anything twice
    Rebuild,
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let Command::Rebuild = command;
    let bar = progress::counter("entries");
    let rebuilt = incidents::rebuild(app, |done| bar.set_position(done as u64)).await;
    bar.finish_and_clear();
    match rebuilt {
        Ok(entries) => super::print(&format!(
            "incidents were gathered anew from {entries} entries of the audit log"
        )),
        Err(error) => super::fail(&format!("incidents could not be gathered: {error:?}")),
    }
}
