//! `stockade config check`, `show` and `env-example`: what counts, and what is wrong. Problems go to standard error.

use std::process::ExitCode;

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
    match outcome {
        Ok(text) => super::print(&text),
        Err(problems) => super::fail(&problems),
    }
}
