//! `stockade-bench`: the product under load, on this machine, against the limits of this machine. `cargo xtask bench`
//! builds and starts it.
//!
//! Every figure is taken in one run with what it is compared to. Nothing here asserts a time: a missed requirement is
//! reported, and only a wrong result (books that do not agree, a server that dies) makes the program fail.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program speaks through them"
)]

mod bare;
mod disk;
mod failure;
mod lab;
mod load;
mod micro;
mod now;
mod options;
mod people;
mod report;
mod requests;
mod scenarios;
mod stage;
mod target;

use std::{fs::OpenOptions, io::Write as _, process::ExitCode};

use clap::Parser as _;

use self::{
    failure::{Done, Failure},
    options::{Cli, Command, Options},
    report::Report,
};

/// As in the product, so that the bare server stands on the same ground.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Bare) => bare::serve(),
        Some(Command::Micro) => micro::measure().and_then(|report| publish(&report, &cli.options)),
        None => load(&cli.options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("stockade-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// One thread for the generator: it must leave the machine to what it measures.
fn load(options: &Options) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (report, outcome) = runtime
        .map_err(Failure::of("cannot start the runtime"))?
        .block_on(scenarios::run_all(options))?;
    // What was measured before something went wrong is shown, but not kept.
    if outcome.is_err() {
        println!("{report}");
        return outcome;
    }
    publish(&report, options)
}

fn publish(report: &Report, options: &Options) -> Done {
    if options.json {
        let json = serde_json::to_string_pretty(report).map_err(Failure::of("cannot write the report"))?;
        println!("{json}");
    } else {
        println!("{report}");
    }
    if options.dry {
        return Ok(());
    }
    let path = &options.results;
    let mut file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.as_mut().map(|file| write!(file, "\n{report}"));
    match written {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failure::new(format!("cannot write {}: {error}", path.display()))),
        Err(error) => Err(Failure::new(format!("cannot write {}: {error}", path.display()))),
    }
}
