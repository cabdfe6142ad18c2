//! `cargo xtask services`: any command with the private servers beside it.

use crate::process::{Done, Failure, run};
use crate::servers::Servers;
use crate::{python, test};
use std::process::Command;

pub(crate) const HELP: &str = "
The command finds the servers under two names each:
  STOCKADE_TEST_POSTGRES_URL  STOCKADE_TEST_REDIS_URL   what the tests read
  STOCKADE_BENCH_POSTGRES_URL STOCKADE_BENCH_REDIS_URL  what the benchmark reads

STOCKADE_TEST_SMTP_FOLDER names the folder of a mail server with TLS and sign-in: its ports, its certificate, its mails.
STOCKADE_TEST_PYTHON is a Python with the independent clients of the tests.

All servers are empty, listen on free ports of 127.0.0.1, and are gone with their data when the command ends. The benchmark
reaches PostgreSQL by its Unix socket.

Example: cargo xtask services -- sh -c 'psql $STOCKADE_TEST_POSTGRES_URL -c \"SELECT version()\"'";

pub(crate) fn start(arguments: &[String]) -> Done {
    let words = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let Some((program, rest)) = words.split_first() else {
        return Err(Failure::Said(
            "which command? Usage: cargo xtask services -- COMMAND".into(),
        ));
    };
    let servers = Servers::start()?;
    let mut command = Command::new(program);
    servers.name_to_tests(&mut command);
    servers.name_post_to(&mut command);
    Servers::name_keeper_to(&mut command)?;
    servers.name_to_bench(&mut command);
    command.env(
        "STOCKADE_TEST_PYTHON",
        test::python(&python::CLIENTS)?.join("python"),
    );
    run(command.args(rest))
}
