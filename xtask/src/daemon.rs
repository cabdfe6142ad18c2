//! A server that we start, wait for, and stop. What it prints is read all the while, so it never blocks on us.

use crate::process::{Failure, cannot_start};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, PipeReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// PostgreSQL and Redis both print this, in English, once they serve.
const READY: &str = "eady to accept connections";
const PATIENCE: Duration = Duration::from_secs(60);
const LINES_KEPT: usize = 30;

/// A running server. Dropping it stops that process and no other.
pub(crate) struct Daemon {
    name: &'static str,
    child: Child,
    stop_signal: &'static str,
    last_lines: LastLines,
}

type LastLines = Arc<Mutex<VecDeque<String>>>;

impl Daemon {
    /// Starts the server and returns once it serves. `stop_signal` is how it is asked to end, such as `TERM`.
    pub(crate) fn start(
        name: &'static str,
        mut command: Command,
        stop_signal: &'static str,
    ) -> Result<Self, Failure> {
        let (printed, pipe) = std::io::pipe().map_err(|error| Failure::of("cannot make a pipe", error))?;
        let copy = pipe
            .try_clone()
            .map_err(|error| Failure::of("cannot copy a pipe", error))?;
        command.stdin(Stdio::null()).stdout(copy).stderr(pipe);
        let child = command.spawn().map_err(|error| cannot_start(&command, error))?;
        // The command holds our copies of the pipe; while they are open its end is never seen.
        drop(command);
        let (ready, last_lines) = follow(printed);
        let daemon = Self {
            name,
            child,
            stop_signal,
            last_lines,
        };
        match ready.recv_timeout(PATIENCE) {
            Ok(()) => Ok(daemon),
            Err(_) => Err(Failure::Said(format!(
                "{name} does not start:\n{}",
                daemon.tail()
            ))),
        }
    }

    fn tail(&self) -> String {
        let lines = self
            .last_lines
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            eprintln!(
                "xtask: {} had ended by itself ({status}):\n{}",
                self.name,
                self.tail()
            );
            return;
        }
        // Not yet waited for, so the number cannot have passed to another process.
        let order = format!("kill -{} {}", self.stop_signal, self.child.id());
        let asked = Command::new("sh")
            .args(["-c", &order])
            .status()
            .is_ok_and(|status| status.success());
        if !asked && let Err(error) = self.child.kill() {
            eprintln!("xtask: cannot stop {}: {error}", self.name);
            return;
        }
        if let Err(error) = self.child.wait() {
            eprintln!("xtask: lost sight of {}: {error}", self.name);
        }
    }
}

/// A port of 127.0.0.1 that nobody uses now. Another program may take it before our server does.
pub(crate) fn free_port() -> Result<u16, Failure> {
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    port.map(|address| address.port())
        .map_err(|error| Failure::of("no free port", error))
}

/// Tries again on a new port, because a free port can be taken between our look and the server's start.
pub(crate) fn on_a_free_port<T>(start: impl Fn(u16) -> Result<T, Failure>) -> Result<T, Failure> {
    let mut last = start(free_port()?);
    for _ in 0..2 {
        if last.is_ok() {
            break;
        }
        last = start(free_port()?);
    }
    last
}

/// Reads to the end on a thread of its own; tells once when the server says that it is ready.
fn follow(printed: PipeReader) -> (Receiver<()>, LastLines) {
    let (tell, ready) = channel();
    let last_lines = LastLines::default();
    let keep = Arc::clone(&last_lines);
    std::thread::spawn(move || {
        for line in BufReader::new(printed).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if line.contains(READY) {
                // Nobody waits for a second one.
                let _ = tell.send(());
            }
            let mut lines = keep.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if lines.len() == LINES_KEPT {
                lines.pop_front();
            }
            lines.push_back(line);
        }
    });
    (ready, last_lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_fails_is_quoted() {
        let failed = Daemon::start("the server", shell("echo no such luck; exit 3"), "TERM");
        let Err(Failure::Said(why)) = failed else {
            panic!("a dead server counts as started")
        };
        assert!(why.contains("no such luck"), "{why}");
    }

    #[test]
    fn dropping_it_ends_the_process() {
        let script = "echo Ready to accept connections; exec sleep 1000";
        let daemon = Daemon::start("the server", shell(script), "TERM").expect("it said that it is ready");
        let alive = format!("kill -0 {}", daemon.child.id());
        assert!(shell(&alive).status().expect("a shell").success());
        drop(daemon);
        assert!(
            !shell(&alive)
                .stderr(Stdio::null())
                .status()
                .expect("a shell")
                .success()
        );
    }

    #[test]
    fn a_taken_port_is_given_up_for_another() {
        let tried = Mutex::new(Vec::new());
        let started = on_a_free_port(|port| {
            let mut tried = tried.lock().expect("the list");
            tried.push(port);
            if tried.len() < 3 {
                Err(Failure::Said("taken".into()))
            } else {
                Ok(port)
            }
        });
        assert_eq!(started.ok(), tried.lock().expect("the list").last().copied());
    }
}
