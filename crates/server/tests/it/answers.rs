//! Answers of commands on their way out: to a reader that has seen enough, and to a disk that is full.

use std::{
    fs::OpenOptions,
    process::{Command, Output, Stdio},
};

use crate::{on_both, support::process::program};

fn stockade(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockade"));
    command.env_clear().args(arguments);
    command
}

/// Runs a command whose reader has gone before it says a word.
fn unread(mut command: Command) -> Output {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let child = command.stdout(writer).stderr(Stdio::piped()).spawn();
    child
        .expect("the program starts")
        .wait_with_output()
        .expect("it ends")
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in [
        &["risk", "facts"][..],
        &["risk", "default-policy"],
        &["openapi"],
        &["config", "env-example"],
        &["completions", "bash"],
        &["risk", "evaluate", "--generate", "2000", "--json"],
        &["--help"],
    ] {
        let output = unread(stockade(arguments));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.is_empty(),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn an_answer_that_is_lost_is_a_failure() {
    let full = OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("the full device");
    let output = stockade(&["risk", "facts"])
        .stdout(full)
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.starts_with("the answer could not be written"),
        "{said}"
    );
}

on_both! {
    /// What a command found out stands in its exit code, whether somebody reads its words or not.
    async fn verdicts_need_no_reader(database: Database) {
        let folder = tempfile::tempdir().expect("a folder");
        let run = |arguments: &[&str]| {
            let mut command = program(&database, folder.path());
            command.args(arguments);
            unread(command)
        };
        for arguments in [&["migrate"][..], &["ledger", "verify"], &["audit", "verify"], &["risk", "replay"]] {
            let output = run(arguments);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{arguments:?}: {said}");
        }
        let output = run(&["risk", "check", "/nowhere/policy.toml"]);
        assert!(!output.status.success() && !output.stderr.is_empty());
    }
}
