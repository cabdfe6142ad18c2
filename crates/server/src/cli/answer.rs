//! The one way a command's answer reaches standard output.
//!
//! A reader that has seen enough (`| head`) is not a failure: the rest goes unsaid, and the exit code says what the command
//! found out, as without a reader. An output that was lost otherwise, as on a full disk, is one.

use std::{
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

/// Says an answer, with the end of its last line if it lacks one; the code is the command's, unless the answer was lost.
pub(super) fn answer(text: &dyn Display, code: ExitCode) -> ExitCode {
    match say(text) {
        Ok(()) => code,
        Err(error) => fail(&format!("the answer could not be written: {error}")),
    }
}

/// The answer of a command that did what it was asked.
pub(super) fn print(text: &dyn Display) -> ExitCode {
    answer(text, ExitCode::SUCCESS)
}

/// Says something on the way, as a server does that goes on whether somebody reads it or not.
///
/// # Errors
/// When it was lost; not when nobody reads it.
pub(super) fn say(text: &dyn Display) -> io::Result<()> {
    let text = text.to_string();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mut out = io::stdout().lock();
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says on standard error why a command could not do what it was asked.
pub(super) fn fail(error: &dyn Display) -> ExitCode {
    // Where nobody can be told any more, the exit code still tells.
    let _ = writeln!(io::stderr(), "{error}");
    ExitCode::FAILURE
}
