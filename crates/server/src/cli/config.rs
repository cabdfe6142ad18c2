//! `stockade config check`, `show` and `env-example`: what counts, and what is wrong. Problems go to standard error.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::config::{self, Inputs, Loaded};

/// Says that the configuration is valid, or everything that is wrong with it.
pub(super) fn check(inputs: &Inputs) -> ExitCode {
    let said = |loaded: Loaded| {
        let warnings = loaded
            .warnings
            .iter()
            .map(|warning| format!("warning: {warning}\n"));
        warnings.chain(["configuration is valid\n".to_owned()]).collect()
    };
    print(Loaded::from(inputs).map(said))
}

/// Prints every setting with its source, as TOML or as one JSON object.
pub(super) fn show(inputs: &Inputs, json: bool) -> ExitCode {
    let text = |loaded: Loaded| {
        if json {
            format!("{:#}\n", loaded.show_json())
        } else {
            loaded.show()
        }
    };
    print(Loaded::from(inputs).map(text))
}

/// Prints what `.env.example` should hold.
pub(super) fn env_example() -> ExitCode {
    print(Ok(config::env_example()))
}

fn print(outcome: Result<String, config::Problems>) -> ExitCode {
    let (written, code) = match outcome {
        Ok(text) => (io::stdout().write_all(text.as_bytes()), ExitCode::SUCCESS),
        Err(problems) => (writeln!(io::stderr(), "{problems}"), ExitCode::FAILURE),
    };
    // A reader that has seen enough (`| head`) is not a failure of ours, but an output that was lost is.
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => code,
    }
}
