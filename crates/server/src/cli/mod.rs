//! The command line: one line a command; each lives in its own file.

mod admin;
mod answer;
mod audit;
mod backup;
mod config;
mod demo;
mod examples;
mod forecast;
mod incidents;
mod keys;
mod ledger;
mod logging;
mod market;
mod openapi;
mod portfolio;
mod progress;
mod risk;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use stockade_platform::clock::Clock;

use self::answer::{answer, fail, print, say};
use crate::{
    app::App,
    config::{Config, Flag, Inputs, Loaded},
};

/// A self-hosted investment platform with its security operations built in.
#[derive(Parser)]
#[command(name = "stockade", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Where settings come from.
#[derive(Args)]
struct Settings {
    /// Settings file [default: ./stockade.toml, or stockade.toml in the data directory, when there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database, development keys and mails (setting data_dir)
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server and the worker
    Serve {
        /// Address to listen on (setting server.bind)
        #[arg(long, value_name = "ADDRESS")]
        bind: Option<String>,
        /// Run one half only: the HTTP server or the background work
        #[arg(long, value_enum)]
        only: Option<serve::Half>,
    },
    /// Bring the database's schema up to date
    Migrate {
        /// Only say how many migrations have not run
        #[arg(long)]
        check: bool,
    },
    /// Copy the whole database into a folder, while the server serves
    Backup(backup::Backup),
    /// Put a backup in the place of the database, or check one
    Restore(backup::Restore),
    /// Make or help people without a browser
    #[command(subcommand)]
    Admin(admin::Command),
    /// Check the books
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Make what portfolios show anew
    #[command(subcommand)]
    Portfolio(portfolio::Command),
    /// Bring in prices
    #[command(subcommand)]
    Market(market::Command),
    /// Verify, export and sign the audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Gather incidents anew
    #[command(subcommand)]
    Incidents(incidents::Command),
    /// Rotate the master key that wraps everybody's data keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Try risk policies on recorded or generated events, and help with writing them
    #[command(subcommand)]
    Risk(risk::Command),
    /// Try forecasts on a series of one's own
    #[command(subcommand)]
    Forecast(forecast::Command),
    /// Fill an empty database with a believable history, to look around in
    Demo(demo::Demo),
    /// Check or show the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Print what completes this program's commands in a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say whether the settings are valid, and everything that is wrong with them
    Check,
    /// Show each setting, its value and where it came from
    Show {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Print an example of every environment variable
    EnvExample,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let program = examples::add_to(Cli::command());
    let cli = Cli::from_arg_matches(&program.get_matches()).unwrap_or_else(|error| error.exit());
    let mut flags = Vec::new();
    let mut flag =
        |name, key, value: Option<String>| flags.extend(value.map(|value| Flag { name, key, value }));
    flag("--data-dir", "data_dir", cli.settings.data_dir);
    if let Command::Serve { bind, .. } = &cli.command {
        flag("--bind", "server.bind", bind.clone());
    }
    let inputs = Inputs::of_process(cli.settings.config, flags);
    match cli.command {
        Command::Config(ConfigCommand::Check) => config::check(&inputs),
        Command::Config(ConfigCommand::Show { json }) => config::show(&inputs, json),
        Command::Config(ConfigCommand::EnvExample) => config::env_example(),
        Command::Openapi => openapi::print(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "stockade", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Risk(risk::Command::Stored(command)) => {
            with_app(&inputs, async |app| risk::run_stored(&app, command).await)
        }
        Command::Risk(command) => risk::run(command),
        Command::Forecast(command) => forecast::run(command),
        Command::Serve { only, .. } => {
            with_config(&inputs, async |config| serve::serve(config, &inputs, only).await)
        }
        Command::Migrate { check } => {
            with_config(&inputs, async |config| serve::migrate(config, check).await)
        }
        Command::Backup(ask) => with_config(&inputs, async |config| backup::make(config, ask).await),
        Command::Restore(ask) => with_config(&inputs, async |config| backup::restore(config, ask).await),
        Command::Demo(ask) => with_config(&inputs, async |config| demo::run(config, ask).await),
        Command::Admin(command) => with_app(&inputs, async |app| admin::run(&app, command).await),
        Command::Audit(command) => with_app(&inputs, async |app| audit::run(&app, command).await),
        Command::Incidents(command) => with_app(&inputs, async |app| incidents::run(&app, command).await),
        Command::Portfolio(command) => with_app(&inputs, async |app| portfolio::run(&app, command).await),
        Command::Market(command) => with_app(&inputs, async |app| market::run(&app, command).await),
        Command::Keys(command) => with_app(&inputs, async |app| keys::run(&app, command).await),
        Command::Ledger(command) => with_app(&inputs, async |app| ledger::run(&app, command).await),
    }
}

/// Runs a command on valid settings. Invalid ones are listed, all at once.
fn with_config(inputs: &Inputs, command: impl AsyncFnOnce(Config) -> ExitCode) -> ExitCode {
    let Loaded { config, warnings, .. } = match Loaded::from(inputs) {
        Ok(loaded) => loaded,
        Err(problems) => return fail(&problems),
    };
    let _until_the_end = logging::start(&config.log);
    for warning in warnings {
        tracing::warn!("configuration: {warning}");
    }
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(command(config)),
        Err(error) => fail(&error),
    }
}

/// Runs a command on the application, opened beside a server that may be running.
fn with_app(inputs: &Inputs, command: impl AsyncFnOnce(App) -> ExitCode) -> ExitCode {
    with_config(inputs, async |config| {
        match App::start(config, Clock::System).await {
            Ok(app) => command(app).await,
            Err(error) => fail(&error),
        }
    })
}
