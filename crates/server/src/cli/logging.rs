//! Log lines on standard error, for people or for collectors. A thread of their own writes them, so that no request
//! waits for a terminal.

use std::io::IsTerminal as _;

use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};

use crate::config::{Log, LogFormat};

/// Starts logging as configured, until what is answered is dropped. Standard output stays free for what a command
/// answers.
pub(super) fn start(config: &Log) -> WorkerGuard {
    let (lines, guard) = NonBlocking::new(std::io::stderr());
    let builder = tracing_subscriber::fmt()
        .with_max_level(config.level)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(lines);
    // A second start in one process, as in tests, keeps the first.
    let _ = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    guard
}
