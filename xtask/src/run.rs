//! `cargo xtask run`: from a fresh clone to a serving program.

use crate::process::{Done, built, cannot_start, cargo, run};
use crate::web;
use std::os::unix::process::CommandExt;
use std::process::Command;

pub(crate) const HELP: &str = "
Arguments go to `stockade serve`; `cargo xtask run -- --help` lists them. Settings come from stockade.toml and
from STOCKADE_… variables. With none of them: development, SQLite in ./data, http://127.0.0.1:8000.

The web UI is built first where Node 20 or newer is installed.";

pub(crate) fn start(arguments: &[String]) -> Done {
    web::build()?;
    run(&mut cargo("build -p stockade --bin stockade"))?;
    let ours = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let mut server = Command::new(built("debug", "stockade")?);
    server.arg("serve").args(ours);
    // The server takes this process over, so that signals reach it and nothing stands between.
    let error = server.exec();
    Err(cannot_start(&server, error))
}
