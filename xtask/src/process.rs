//! Starting other programs: what they are, how their exit codes come back, where built binaries lie.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// How a command of ours ends.
pub(crate) type Done = Result<(), Failure>;

/// Why a command of ours failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another program failed and has already said why; its exit code is passed on.
    Exit(u8),
    /// A sentence for the person at the terminal.
    Said(String),
}

impl Failure {
    /// A sentence that says what could not be done, and the system's reason.
    pub(crate) fn of(what: &str, why: impl std::fmt::Display) -> Self {
        Self::Said(format!("{what}: {why}"))
    }
}

/// `cargo` in the repository's root, with these words.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(words.split_whitespace()).current_dir(root());
    command
}

/// Shows the command line, runs it in the terminal, and passes a failure's exit code on.
pub(crate) fn run(command: &mut Command) -> Done {
    eprintln!("xtask: {}", line(command));
    let status = command.status().map_err(|error| cannot_start(command, error))?;
    match code(status) {
        0 => Ok(()),
        failed => Err(Failure::Exit(failed)),
    }
}

/// Runs the command unseen; `false` also when it does not exist.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let unseen = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    unseen.status().is_ok_and(|status| status.success())
}

/// Runs the command unseen and returns what it printed, or says what it complained about.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let ended = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start(command, error))?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).trim().to_owned());
    }
    Err(Failure::of(
        &line(command),
        String::from_utf8_lossy(&ended.stderr).trim(),
    ))
}

/// Whether the shell would find this program.
pub(crate) fn found(program: &str) -> bool {
    succeeds(Command::new("sh").args(["-c", "command -v \"$0\"", program]))
}

/// Whether we are root. Some servers refuse that, and only root installs packages.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Where cargo puts a binary of ours. `xtask` itself lies in the `debug` folder beside it.
pub(crate) fn built(profile: &str, binary: &str) -> Result<PathBuf, Failure> {
    let me = std::env::current_exe().map_err(|error| Failure::of("cannot find the target folder", error))?;
    let target = me.parent().and_then(Path::parent).unwrap_or(root());
    Ok(target.join(profile).join(binary))
}

/// The failure to start a command at all.
pub(crate) fn cannot_start(command: &Command, why: std::io::Error) -> Failure {
    Failure::of(
        &format!("cannot start {}", command.get_program().to_string_lossy()),
        why,
    )
}

/// The exit code as a shell reports it: 128 + the signal for a program that was killed.
fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or(status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_come_through() {
        let failed = run(Command::new("sh").args(["-c", "exit 37"]));
        assert!(matches!(failed, Err(Failure::Exit(37))));
        let killed = run(Command::new("sh").args(["-c", "kill -KILL $$"]));
        assert!(matches!(killed, Err(Failure::Exit(137))));
        assert!(run(&mut Command::new("true")).is_ok());
    }

    #[test]
    fn a_missing_program_is_named() {
        let Err(Failure::Said(why)) = run(&mut Command::new("no-such-program-here")) else {
            panic!("a program that does not exist was started")
        };
        assert!(why.contains("no-such-program-here"), "{why}");
        assert!(!found("no-such-program-here"));
        assert!(found("sh"));
    }
}
