//! `stockade ledger verify`.

use std::process::ExitCode;

use clap::Subcommand;

use super::progress;
use crate::{
    app::App,
    features::ledger::{self, LedgerReport},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Replay every line and compare with the balances; exit code 1 when something does not agree
    Verify {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let Command::Verify { json } = command;
    let bar = progress::counter("lines");
    let shown = bar.clone();
    let report = match ledger::verify(app, move |lines| shown.set_position(lines)).await {
        Ok(report) => report,
        Err(error) => return super::fail(&error),
    };
    bar.finish_and_clear();
    let text = match json {
        true => serde_json::to_string_pretty(&report).unwrap_or_default(),
        false => in_words(&report),
    };
    let code = match report.valid {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    };
    super::answer(&text, code)
}

fn in_words(report: &LedgerReport) -> String {
    let mut text = String::new();
    for problem in &report.problems {
        text.push_str(&format!("{problem}\n"));
    }
    let verdict = if report.valid {
        "the books agree"
    } else {
        "the books do not agree"
    };
    let (postings, lines, balances) = (report.postings, report.lines, report.balances);
    text.push_str(&format!(
        "{verdict}: {postings} postings, {lines} lines, {balances} balances"
    ));
    text
}
