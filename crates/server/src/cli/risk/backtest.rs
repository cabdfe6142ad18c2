//! `stockade risk backtest`: a policy on everything that was ever decided here.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use jiff::Timestamp;

use super::read_policy;
use crate::{
    app::App,
    cli::{print, progress},
    features::risk::{self, Backtested, FoundOut},
};

#[derive(Args)]
pub(in crate::cli) struct Backtest {
    /// The policy to try, in TOML
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// Only events since then, as 2026-01-31T00:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

impl Backtest {
    pub(super) async fn run(self, app: &App) -> ExitCode {
        let policy = match read_policy(Some(&self.policy)) {
            Ok(policy) => policy,
            Err(error) => return crate::cli::fail(&error),
        };
        let bar = progress::counter("events");
        let report = match risk::backtest(app, policy, self.since, |done| bar.set_position(done)).await {
            Ok(report) => report,
            Err(error) => return crate::cli::fail(&format!("{error:?}")),
        };
        bar.finish_and_clear();
        match self.json {
            true => print(&serde_json::to_string_pretty(&report).unwrap_or_default()),
            false => print(&table(&report)),
        }
    }
}

fn table(report: &Backtested) -> String {
    let Backtested {
        events,
        changed,
        stricter,
        milder,
        ..
    } = report;
    let mut text = format!(
        "{events} events decided anew: {changed} would have ended otherwise, {stricter} stricter, {milder} milder\n"
    );
    for change in &report.changes {
        let (kind, was, would_be, times) = (&change.kind, &change.was, &change.would_be, change.times);
        text.push_str(&format!("\n{times:>8}  {kind}: {was} would be {would_be}\n"));
        for example in &change.examples {
            let (id, score, then) = (example.decision, example.score, example.would_be);
            text.push_str(&format!("          {id}  {score} would be {then}\n"));
        }
    }
    if !report.found_out.is_empty() {
        text.push_str(&found_out(&report.found_out));
    }
    text.trim_end().to_owned()
}

/// What people found out, and which policy stops how much of it.
fn found_out(kinds: &[FoundOut]) -> String {
    let mut text = format!(
        "\nOf what somebody has looked into, stopped:\n{:<12} {:<16} {:>16} {:>16}\n",
        "", "policy", "confirmed fraud", "false positives"
    );
    for of in kinds {
        for (policy, stopped) in [("of the time", of.then), ("candidate", of.candidate)] {
            let caught = format!("{} of {}", stopped.fraud, of.fraud);
            let wrongly = format!("{} of {}", stopped.legitimate, of.legitimate);
            text.push_str(&format!(
                "{:<12} {policy:<16} {caught:>16} {wrongly:>16}\n",
                of.kind
            ));
        }
    }
    text
}
