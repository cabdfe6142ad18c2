//! `cargo xtask build`: the programs that are delivered.

use crate::process::{Done, built, cargo, run};
use crate::web;

pub(crate) const HELP: &str =
    "The web UI is built first and becomes part of the program; that takes Node 20 or newer.";

pub(crate) fn start(_: &[String]) -> Done {
    web::build_for_delivery()?;
    run(&mut cargo("build --release -p stockade -p auditlog --bins"))?;
    for binary in ["stockade", "stockade-verify"] {
        println!("{}", built("release", binary)?.display());
    }
    Ok(())
}
