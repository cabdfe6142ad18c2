//! The project's commands, started with `cargo xtask COMMAND`. One line a command; each lives in its own file.
//!
//! Only the standard library is used, so that the first command on a fresh clone starts within seconds.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program speaks through them"
)]

mod architecture;
mod bench;
mod build;
mod daemon;
mod debian;
mod diagrams;
mod generated;
mod lint;
mod load;
mod postgres;
mod process;
mod python;
mod redis;
mod run;
mod screenshots;
mod servers;
mod services;
mod smtp;
mod temporary;
mod test;
mod web;

use process::{Done, Failure};
use std::process::ExitCode;

struct Command {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    /// What `cargo xtask NAME --help` adds.
    more: &'static str,
    start: fn(&[String]) -> Done,
}

const COMMANDS: [Command; 9] = [
    Command {
        name: "run",
        takes: "[-- ARGUMENTS]",
        does: "build and start the server on 127.0.0.1:8000 (SQLite in ./data)",
        more: run::HELP,
        start: run::start,
    },
    Command {
        name: "test",
        takes: "[--full] [--no-lint] [-p PACKAGE]… [FILTER]… [-- RUNNER ARGUMENTS]",
        does: "lint, then every test, with private PostgreSQL, Redis and mail servers",
        more: test::HELP,
        start: test::start,
    },
    Command {
        name: "lint",
        takes: "",
        does: "formatting, clippy, biome, tsc, licences, stale files, and the rules of ARCHITECTURE.md",
        more: lint::HELP,
        start: lint::start,
    },
    Command {
        name: "build",
        takes: "",
        does: "release binaries: stockade and stockade-verify",
        more: build::HELP,
        start: build::start,
    },
    Command {
        name: "types",
        takes: "",
        does: "what is made from the server's code: .env.example, the API's description, the UI's types, the Postman collection",
        more: generated::HELP,
        start: generated::make,
    },
    Command {
        name: "bench",
        takes: "[ARGUMENTS]",
        does: "measure the release build against the bare machine",
        more: bench::HELP,
        start: bench::start,
    },
    Command {
        name: "load",
        takes: "[-- ARGUMENTS]",
        does: "a thousand people at once against the release build",
        more: load::HELP,
        start: load::start,
    },
    Command {
        name: "screenshots",
        takes: "",
        does: "the README's pictures, from demonstration data in Chromium",
        more: screenshots::HELP,
        start: screenshots::start,
    },
    Command {
        name: "services",
        takes: "-- COMMAND [ARGUMENTS]",
        does: "any command with private PostgreSQL, Redis and mail servers beside it",
        more: services::HELP,
        start: services::start,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Exit(code)) => ExitCode::from(code),
        Err(Failure::Said(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Done {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", overview());
        return Err(Failure::Exit(2));
    };
    match name.as_str() {
        "help" | "-h" | "--help" => {
            print!("{}", overview());
            return Ok(());
        }
        servers::KEEP => return servers::keep(),
        _ => {}
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprint!("xtask: there is no command `{name}`\n\n{}", overview());
        return Err(Failure::Exit(2));
    };
    // What follows `--` belongs to another program, its `--help` too.
    let ours = rest.iter().take_while(|argument| *argument != "--");
    if ours
        .into_iter()
        .any(|argument| argument == "-h" || argument == "--help")
    {
        print!("{}", manual(command));
        return Ok(());
    }
    (command.start)(rest)
}

fn overview() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND\n\n");
    for command in &COMMANDS {
        text += &format!("  {:<10}{}\n", command.name, command.does);
    }
    text + "\n`cargo xtask COMMAND --help` says more.\n"
}

fn manual(command: &Command) -> String {
    let usage = format!("Usage: cargo xtask {} {}", command.name, command.takes);
    format!(
        "{}\n\n{}: {}.\n\n{}\n",
        usage.trim_end(),
        command.name,
        command.does,
        command.more.trim()
    )
}
