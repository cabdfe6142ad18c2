//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    failure::{Done, Failure},
    load::Window,
};

/// Puts stockade under load and compares it with the bare machine
#[derive(Parser)]
#[command(name = "stockade-bench", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve a bare hello-world, the limit that others are compared with
    Bare,
    /// Time single functions instead of a server
    Micro,
}

#[derive(Args)]
pub(crate) struct Options {
    /// How long each load is measured
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Run these scenarios only
    #[arg(long, value_enum, value_name = "NAME")]
    only: Vec<Scenario>,
    /// Run on this side only
    #[arg(long, value_enum)]
    side: Option<Side>,
    /// Thousands of orders between the two measurements of `growth`
    #[arg(long, default_value_t = 20, value_name = "THOUSANDS")]
    pub(crate) growth: u64,
    /// Customers, each with one connection in the order scenarios
    #[arg(long, default_value_t = 64, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) people: u16,
    /// Change a setting of the server, as in STOCKADE_LOG__LEVEL=warn
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// Print the report as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Do not write the results down
    #[arg(long, global = true)]
    pub(crate) dry: bool,
    /// Where results are kept
    #[arg(long, global = true, default_value = "bench/RESULTS.md", value_name = "FILE")]
    pub(crate) results: PathBuf,
    /// Where the servers' data lies while they are measured; must be on a real disk
    #[arg(long, default_value = "target/tmp", value_name = "FOLDER")]
    pub(crate) data: PathBuf,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Time from start to serving, idle memory
    Start,
    /// `GET /auth/me` against the bare server
    Read,
    /// Signed market orders
    Orders,
    /// What each layer of the edge costs
    Layers,
    /// A thousand connections, reads and orders
    Crowd,
    /// Sign-ins against the raw hash
    SignIn,
    /// Ten thousand subscribers of prices
    Stream,
    /// What an order costs once there are many
    Growth,
}

/// What the product stands on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// SQLite and this process's memory
    Embedded,
    /// PostgreSQL and Redis
    Servers,
}

impl Options {
    pub(crate) fn wants(&self, scenario: Scenario, side: Side) -> bool {
        (self.only.is_empty() || self.only.contains(&scenario)) && self.side.is_none_or(|only| only == side)
    }

    /// The window of a load.
    pub(crate) fn window(&self) -> Window {
        let measured = Duration::from_secs(self.seconds);
        Window {
            warm_up: (measured / 5).clamp(Duration::from_secs(1), Duration::from_secs(20)),
            measured,
        }
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What `cargo xtask bench` tells through the environment.
pub(crate) struct Given {
    /// The program `stockade`.
    pub(crate) binary: PathBuf,
    pub(crate) postgres: Option<String>,
    pub(crate) redis: Option<String>,
}

impl Given {
    #[expect(clippy::disallowed_methods, reason = "these are no settings of the product")]
    pub(crate) fn read() -> Done<Self> {
        let binary = std::env::var_os("STOCKADE_BIN");
        let binary = binary.ok_or_else(|| Failure::new("start me with `cargo xtask bench`"))?;
        let url = |name| std::env::var(name).ok().filter(|url| !url.is_empty());
        Ok(Self {
            binary: binary.into(),
            postgres: url("STOCKADE_BENCH_POSTGRES_URL"),
            redis: url("STOCKADE_BENCH_REDIS_URL"),
        })
    }
}
