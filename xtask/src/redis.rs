//! A private Redis server on a free port of 127.0.0.1. It keeps nothing on disk.

use crate::daemon::{Daemon, on_a_free_port};
use crate::process::{Failure, found};
use std::path::Path;
use std::process::Command;

/// Debian 13 and others also ship the server under its newer name.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// The server and its URL.
pub(crate) struct Redis {
    _server: Daemon,
    /// `redis://` URL.
    pub(crate) url: String,
}

/// Serves from `folder`.
pub(crate) fn start(folder: &Path) -> Result<Redis, Failure> {
    let Some(program) = program() else {
        return Err(Failure::Said("redis-server is not installed".into()));
    };
    on_a_free_port(|port| {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no"]);
        let server = Daemon::start("Redis", command, "TERM")?;
        Ok(Redis {
            _server: server,
            url: format!("redis://127.0.0.1:{port}"),
        })
    })
}

/// Whether the server's program is on this machine.
pub(crate) fn installed() -> bool {
    program().is_some()
}

fn program() -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| found(program))
}
