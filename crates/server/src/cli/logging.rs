//! Log lines on standard error, for people or for collectors. A thread of their own writes them, so that no request
//! waits for a terminal.

use std::io::IsTerminal as _;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::config::{Log, LogFormat};

/// Lines that wait for the thread at most; there is room for all of them from the start on. More than a second of the
/// busiest server's.
const WAITING: usize = 8_192;

/// Starts logging as configured, until what is answered is dropped. Standard output stays free for what a command
/// answers.
pub(super) fn start(config: &Log) -> WorkerGuard {
    let (lines, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .finish(std::io::stderr());
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
