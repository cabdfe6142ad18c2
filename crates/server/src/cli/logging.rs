//! Log lines on standard error, for people or for collectors. A thread of their own writes them, so that no request
//! waits for a terminal; it takes them as they come together, since each write costs a busy server more than the line.

mod line;

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    time::Duration,
};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use self::line::{Now, OneLine};
use crate::config::{Log, LogFormat};

/// Lines that wait for the thread at most; there is room for all of them from the start on. More than a second of the
/// busiest server's.
const WAITING: usize = 8_192;

/// Bytes written at once.
const AT_ONCE: usize = 64 * 1024;

/// How long lines are left to gather once all that had come are written.
const GATHERING: Duration = Duration::from_millis(2);

/// Starts logging as configured, until what is answered is dropped. Standard output stays free for what a command
/// answers.
pub(super) fn start(config: &Log) -> WorkerGuard {
    let (lines, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .finish(Gathered(BufWriter::with_capacity(AT_ONCE, io::stderr())));
    let builder = tracing_subscriber::fmt()
        .with_max_level(config.level)
        .with_ansi(io::stderr().is_terminal())
        .with_timer(Now)
        .with_writer(lines);
    // A second start in one process, as in tests, keeps the first.
    let _ = match config.format {
        LogFormat::Text => builder.fmt_fields(OneLine).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    guard
}

/// Writes several lines at once. The thread flushes whenever none waits.
struct Gathered<W: Write>(BufWriter<W>);

impl<W: Write> Write for Gathered<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(line)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the thread has nothing else to do; what would wake it is what it should not wake for"
    )]
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        std::thread::sleep(GATHERING);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps what it is given, write by write.
    #[derive(Default)]
    struct Writes(Vec<Vec<u8>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_wait_together_are_one_write() {
        let mut gathered = Gathered(BufWriter::new(Writes::default()));
        for line in ["one\n", "two\n"] {
            gathered.write_all(line.as_bytes()).unwrap();
        }
        assert!(gathered.0.get_ref().0.is_empty());
        gathered.flush().unwrap();
        assert_eq!(gathered.0.get_ref().0, [b"one\ntwo\n"]);
    }
}
