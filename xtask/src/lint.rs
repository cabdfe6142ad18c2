//! `cargo xtask lint`: everything a reviewer should not have to say.

use crate::architecture::{self, Tree};
use crate::debian;
use crate::process::{Done, Failure, cargo, root, run, succeeds};
use std::process::Command;

pub(crate) const HELP: &str = "
In this order: the rules of ARCHITECTURE.md, `cargo fmt --check`, ShellCheck, clippy with warnings as errors, and licences
and sources of dependencies where cargo-deny is installed. `cargo fmt` mends the formatting.";

/// Every shell script of ours.
const SCRIPTS: [&str; 5] = [
    ".ci/run",
    "deploy/deploy.sh",
    "deploy/lib.sh",
    "deploy/rollback.sh",
    "examples/signing/shell/place_order.sh",
];

pub(crate) fn start(_: &[String]) -> Done {
    keep_architecture()?;
    run(&mut cargo("fmt --all --check"))?;
    debian::provide(&[debian::SHELLCHECK])?;
    run(Command::new("shellcheck")
        .arg("-x")
        .args(SCRIPTS)
        .current_dir(root()))?;
    run(&mut cargo("clippy --workspace --all-targets -- -D warnings"))?;
    if succeeds(&mut cargo("deny --version")) {
        // Known vulnerabilities are left out: their list comes from the network.
        run(&mut cargo(
            "deny --workspace check --hide-inclusion-graph bans licenses sources",
        ))?;
    } else {
        eprintln!("xtask: cargo-deny is not installed; licences and sources of dependencies are not checked");
    }
    Ok(())
}

fn keep_architecture() -> Done {
    let tree = Tree::read(root()).map_err(|error| Failure::of("cannot read the sources", error))?;
    let problems = architecture::problems(&tree);
    if problems.is_empty() {
        eprintln!("xtask: architecture kept; {}", architecture::sizes(&tree));
        return Ok(());
    }
    Err(Failure::Said(format!(
        "ARCHITECTURE.md is not kept:\n  {}",
        problems.join("\n  ")
    )))
}
