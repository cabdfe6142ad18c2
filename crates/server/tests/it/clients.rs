//! Independent clients against the program in a process of its own: whoever wrote them did not read our code.

use std::process::{Command, Stdio};

use crate::{on_both, support::process::Process};

on_both! {
    /// Register, confirm, enrol, sign in with each factor, lose the phone, recover, change the password, be locked and
    /// unlocked, see and end sessions, be erased.
    async fn an_account_lives(database: Database) {
        let server = Process::start(database).await;
        let mut client = client("account_life.py");
        server.name_to(&mut client);
        let output = client.stdin(Stdio::null()).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its Python in the environment"
)]
fn client(script: &str) -> Command {
    let python = std::env::var("STOCKADE_TEST_PYTHON")
        .expect("STOCKADE_TEST_PYTHON names a Python with tests/clients/requirements.txt; `cargo xtask test` makes one");
    let mut command = Command::new(python);
    command.arg(format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR")));
    command
}
