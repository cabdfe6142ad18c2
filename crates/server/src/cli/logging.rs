//! Log lines on standard error, for people or for collectors.

use crate::config::{Log, LogFormat};

/// Starts logging as configured. Standard output stays free for what a command answers.
pub(super) fn start(config: &Log) {
    let builder = tracing_subscriber::fmt()
        .with_max_level(config.level)
        .with_writer(std::io::stderr);
    // A second start in one process, as in tests, keeps the first.
    let _ = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
