//! `stockade risk …`: how good a policy is, what its rules may ask, and the policy the program brings along, without
//! settings or a database; and what stored decisions say, of a policy or of themselves.

mod backtest;
mod evaluate;
mod replay;

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;
use stockade_domain::risk::{Kind, Policy, catalogue};

use crate::app::App;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Replay labelled sign-ins and transactions through a policy and tell how it fares
    #[command(after_long_help = evaluate::EXAMPLES)]
    Evaluate(evaluate::Evaluate),
    /// Read a policy and say whether it can be used, or everything that is wrong with it, by line and rule
    Check {
        /// A policy in TOML
        policy: PathBuf,
    },
    /// Print the policy that the program brings along, to start one's own from
    DefaultPolicy,
    /// List the facts that rules may ask, with types and units
    Facts,
    #[command(flatten)]
    Stored(Stored),
}

/// Commands on what is stored.
#[derive(Subcommand)]
pub(super) enum Stored {
    /// Decide every stored event anew under another policy and tell what would have changed
    Backtest(backtest::Backtest),
    /// Make every stored decision anew; exit code 1 when one comes out otherwise
    Replay {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run_stored(app: &App, command: Stored) -> ExitCode {
    match command {
        Stored::Backtest(backtest) => backtest.run(app).await,
        Stored::Replay { json } => replay::run(app, json).await,
    }
}

pub(super) fn run(command: Command) -> ExitCode {
    match command {
        // The caller has opened the application for these.
        Command::Stored(_) => ExitCode::FAILURE,
        Command::Evaluate(evaluate) => evaluate.run(),
        Command::Check { policy } => check(&policy),
        Command::DefaultPolicy => super::print(&Policy::default_policy().text().trim_end()),
        Command::Facts => facts(),
    }
}

fn check(path: &std::path::Path) -> ExitCode {
    match read_policy(Some(path)) {
        Ok(policy) => super::print(&format!(
            "policy {} can be used; its hash is {}",
            policy.name(),
            policy.hash()
        )),
        Err(error) => super::fail(&error),
    }
}

fn facts() -> ExitCode {
    let mut text = String::new();
    for kind in [Kind::SignIn, Kind::Transaction] {
        text.push_str(&format!("[{}]\n", kind.as_str()));
        for fact in catalogue(kind) {
            let (name, of, meaning) = (fact.name, fact.kind.to_string(), fact.meaning);
            text.push_str(&format!("  {name:<30} {of:<16} {meaning}\n"));
        }
    }
    super::print(&text)
}

/// The policy in a file, or without one the program's own. The error names the file.
fn read_policy(path: Option<&std::path::Path>) -> Result<Policy, String> {
    let Some(path) = path else {
        return Ok(Policy::default_policy());
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Policy::read(&text).map_err(|error| {
        let problems = error
            .problems
            .iter()
            .map(|problem| format!("{}: {problem}", path.display()));
        problems.collect::<Vec<_>>().join("\n")
    })
}
