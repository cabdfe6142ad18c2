//! `stockade forecast …`: how good forecasts of a series are. It needs neither settings nor a database.

mod evaluate;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Walk through a series of daily closes, forecast each day from the days before, and tell how it fares
    #[command(after_long_help = evaluate::EXPLANATION)]
    Evaluate(evaluate::Evaluate),
}

pub(super) fn run(command: Command) -> ExitCode {
    match command {
        Command::Evaluate(evaluate) => evaluate.run(),
    }
}
