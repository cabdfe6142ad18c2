//! `stockade portfolio rebuild`.

use std::process::ExitCode;

use clap::Subcommand;

use super::progress;
use crate::{app::App, features::portfolio};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Throw away histories and daily values and make them anew from the ledger and today's knowledge of prices, as after
    /// a correction of imported ones; the server may serve meanwhile
    Rebuild,
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let Command::Rebuild = command;
    let bar = progress::counter("entries");
    let rebuilt = portfolio::rebuild(app, |what, done| {
        bar.set_message(what);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    match rebuilt {
        Ok(entries) => super::print(&format!(
            "histories and daily values were made anew from {entries} entries of the ledger"
        )),
        Err(error) => super::fail(&format!("portfolios could not be made anew: {error:?}")),
    }
}
