//! `cargo xtask bench`: the release build under load, with real servers beside it.

use crate::process::{Done, built, cargo, root, run};
use crate::servers::Servers;
use std::process::Command;

pub(crate) const HELP: &str = "
Arguments go to the benchmark; `cargo xtask bench -- --help` lists them. Results are written to bench/RESULTS.md.
Let the machine rest meanwhile: every figure is a ratio taken in one run, but noise stays noise.";

pub(crate) fn start(arguments: &[String]) -> Done {
    run(&mut cargo("build --release -p stockade -p stockade-bench"))?;
    let ours = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let servers = Servers::start()?;
    let mut bench = Command::new(built("release", "stockade-bench")?);
    servers.name_to_bench(&mut bench);
    bench.env("STOCKADE_BIN", built("release", "stockade")?);
    run(bench.args(ours).current_dir(root()))
}
