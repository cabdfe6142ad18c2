//! `cargo xtask lint`: everything a reviewer should not have to say.

use crate::architecture::{self, Tree};
use crate::process::{Done, Failure, cargo, root, run, succeeds};
use crate::{debian, diagrams, generated, web};
use std::process::{Command, Stdio};

pub(crate) const HELP: &str = "
In this order: the rules of ARCHITECTURE.md, `cargo fmt --check`, ShellCheck, the documents' diagrams, the files of deploy/ by
those programs of promtool, systemd-analyze and hadolint that are installed, clippy with warnings as errors, whether what is
made from the code is stale, Biome and the TypeScript compiler where Node is, and licences and sources of dependencies where
cargo-deny is installed. `cargo fmt` and `npx biome check --write` mend the formatting, `cargo xtask types` what is stale.";

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
    look_at_diagrams()?;
    look_at_deployment()?;
    run(&mut cargo("clippy --workspace --all-targets -- -D warnings"))?;
    generated::check()?;
    web::lint()?;
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

fn look_at_diagrams() -> Done {
    let cannot = |error| Failure::of("cannot read the documents", error);
    let mut documents = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    for entry in std::fs::read_dir(root().join("docs")).map_err(cannot)? {
        documents.push(entry.map_err(cannot)?.path());
    }
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let mut found = Vec::new();
    for path in documents {
        let text = std::fs::read_to_string(&path).map_err(cannot)?;
        found.extend(
            diagrams::problems(&text)
                .into_iter()
                .map(|problem| format!("{}, {problem}", path.display())),
        );
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(Failure::Said(found.join("\n  "))),
    }
}

/// What those programs say of our files for whom the files are.
fn look_at_deployment() -> Done {
    for (program, lines) in [
        (
            "promtool",
            &[
                "check rules --lint=all --lint-fatal prometheus/stockade.rules.yaml",
                "test rules prometheus/stockade.rules.test.yaml",
            ][..],
        ),
        // Threshold: exposure in tenths. What is verified wants the program at its place, so it is not asked here.
        (
            "systemd-analyze",
            &[
                "security --offline=true --threshold=15 systemd/stockade.service",
                "security --offline=true --threshold=25 systemd/stockade-backup.service",
            ],
        ),
        // Debian keeps one version of a package.
        ("hadolint", &["--ignore DL3008 Dockerfile"]),
    ] {
        let ours = |words: &str| {
            let mut command = Command::new(program);
            command.args(words.split(' ')).current_dir(root().join("deploy"));
            command
        };
        if !succeeds(&mut ours("--version")) {
            eprintln!("xtask: {program} is not installed; what it reads of deploy/ is not checked");
            continue;
        }
        for line in lines {
            run(ours(line).stdout(Stdio::null()))?;
        }
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
