//! A server process that we start, whose address we read from what it prints, and that we stop.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use super::{Process, address_at_start};
use crate::failure::{Done, Failure};

const PATIENCE: Duration = Duration::from_secs(30);
/// Files that the process may open: a thousand connections and more.
const FILES: u32 = 16_384;

/// A running server. Dropping it asks it to stop and waits for its end.
pub(crate) struct Child {
    name: &'static str,
    child: process::Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Child {
    /// Starts it and returns once it has printed its address after `says`. Its standard error goes to the file `log`.
    pub(super) fn start(name: &'static str, command: Command, says: &'static str, log: &Path) -> Done<Self> {
        let file = File::create(log).map_err(Failure::of(format!("cannot write {}", log.display())))?;
        let mut command = with_room_for_files(&command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
        let mut child = command
            .spawn()
            .map_err(Failure::of(format!("cannot start {name}")))?;
        let address = child.stdout.take().map(|out| follow(out, says));
        let address = address.and_then(|address| address.recv_timeout(PATIENCE).ok());
        let address = address.ok_or_else(|| {
            // It may still be there, silent.
            let _ = child.kill();
            let _ = child.wait();
            Failure::new(format!("{name} does not start:\n{}", last_lines(log)))
        })?;
        Ok(Self {
            name,
            child,
            address,
            log: log.to_owned(),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn process(&self) -> Process {
        Process::new(self.child.id())
    }

    /// The end of what it wrote to standard error.
    pub(crate) fn last_words(&self) -> String {
        last_lines(&self.log)
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> Done {
        let status = self.end()?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{} ended with {status}:\n{}",
            self.name,
            self.last_words()
        )))
    }

    fn end(&mut self) -> Done<process::ExitStatus> {
        let fail = format!("cannot stop {}", self.name);
        if let Some(status) = self.child.try_wait().map_err(Failure::of(&fail))? {
            return Ok(status);
        }
        // Not yet waited for, so the number cannot have passed to another process.
        let order = format!("kill -TERM {}", self.child.id());
        Command::new("sh")
            .args(["-c", &order])
            .status()
            .map_err(Failure::of(&fail))?;
        self.child.wait().map_err(Failure::of(&fail))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Whatever went wrong before is what should be told.
        let _ = self.end();
    }
}

/// The same command after the limit of open files was raised, with its own environment and none of ours. The process
/// keeps its number through `exec`.
fn with_room_for_files(command: &Command) -> Command {
    let script = format!("ulimit -n {FILES} 2>/dev/null || ulimit -n $(ulimit -H -n); exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &script])
        .arg(command.get_program())
        .args(command.get_args());
    shell.env_clear().envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

/// Reads to the end on a thread of its own, so that the server never blocks on us; tells the address once.
fn follow(out: process::ChildStdout, says: &'static str) -> Receiver<SocketAddr> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some(address) = line.split_once(says).and_then(|(_, rest)| address_at_start(rest)) {
                // Nobody waits for a second one.
                let _ = tell.send(address);
            }
        }
    });
    told
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
