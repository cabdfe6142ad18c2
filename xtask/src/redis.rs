//! A private Redis server on a free port of 127.0.0.1. It keeps nothing on disk.

use crate::daemon::{Daemon, on_a_free_port};
use crate::process::{Done, Failure, found};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian 13 and others also ship the server under its newer name.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// The server and its URL.
pub(crate) struct Redis {
    server: Option<Daemon>,
    folder: PathBuf,
    port: u16,
    /// `redis://` URL.
    pub(crate) url: String,
}

impl Redis {
    /// Stops it; what it held is lost.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// Serves again on the same port, empty.
    pub(crate) fn start_again(&mut self) -> Done {
        self.server = Some(serve(&self.folder, self.port)?);
        Ok(())
    }
}

/// Serves from `folder`.
pub(crate) fn start(folder: &Path) -> Result<Redis, Failure> {
    on_a_free_port(|port| {
        Ok(Redis {
            server: Some(serve(folder, port)?),
            folder: folder.to_owned(),
            port,
            url: format!("redis://127.0.0.1:{port}"),
        })
    })
}

fn serve(folder: &Path, port: u16) -> Result<Daemon, Failure> {
    let Some(program) = program() else {
        return Err(Failure::Said("redis-server is not installed".into()));
    };
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["--save", "", "--appendonly", "no", "--daemonize", "no"]);
    Daemon::start("Redis", command, "TERM")
}

/// Whether the server's program is on this machine.
pub(crate) fn installed() -> bool {
    program().is_some()
}

fn program() -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| found(program))
}
