//! What a line of text says: `name=value`, and the message bare, as `tracing-subscriber` writes them.
//!
//! Own for two reasons. The library writes what is displayed as it is, and whoever chooses a part of it could begin lines of
//! their own (ASVS 16.4.1); here an event is one line, whatever is in it. And its detour by way of colours and its clock were
//! half of what a line costs, which every request writes.

use std::fmt::{self, Debug, Write};

use stockade_platform::clock::Clock;
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, format::Writer, time::FormatTime},
};

/// The present in UTC, to the microsecond.
pub(super) struct Now;

impl FormatTime for Now {
    fn format_time(&self, line: &mut Writer<'_>) -> fmt::Result {
        write!(line, "{:.6}", Clock::System.now())
    }
}

/// Fields without control characters: line ends and what steers terminals are spelt out.
pub(super) struct OneLine;

impl<'line> FormatFields<'line> for OneLine {
    fn format_fields<R: RecordFields>(&self, line: Writer<'line>, fields: R) -> fmt::Result {
        let mut writing = Writing {
            line: Tame(line),
            apart: "",
            done: Ok(()),
        };
        fields.record(&mut writing);
        writing.done
    }
}

struct Writing<W> {
    line: Tame<W>,
    apart: &'static str,
    done: fmt::Result,
}

impl<W: Write> Writing<W> {
    fn name(&mut self, field: &Field) -> fmt::Result {
        let Tame(line) = &mut self.line;
        line.write_str(self.apart)?;
        self.apart = " ";
        match field.name() {
            "message" => Ok(()),
            name => line.write_str(name).and_then(|()| line.write_char('=')),
        }
    }

    fn number(&mut self, field: &Field, value: impl itoa::Integer) -> fmt::Result {
        self.name(field)?;
        self.line.0.write_str(itoa::Buffer::new().format(value))
    }

    fn value(&mut self, field: &Field, value: &dyn Debug) -> fmt::Result {
        self.name(field)?;
        write!(self.line, "{value:?}")
    }
}

impl<W: Write> Visit for Writing<W> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.done = self.done.and_then(|()| self.number(field, value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.done = self.done.and_then(|()| self.number(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.done = self.done.and_then(|()| self.value(field, value));
    }
}

/// Spells out control characters.
struct Tame<W>(W);

impl<W: Write> Write for Tame<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.0.write_str(text);
        }
        for part in text.split_inclusive(char::is_control) {
            let control = part.chars().next_back().filter(|last| last.is_control());
            let plain = &part[..part.len() - control.map_or(0, char::len_utf8)];
            self.0.write_str(plain)?;
            control.map_or(Ok(()), |control| write!(self.0, "{}", control.escape_default()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Keeps what is logged.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(what: impl FnOnce()) -> String {
        let kept = Kept::default();
        let sink = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .without_time()
            .fmt_fields(OneLine)
            .with_writer(move || sink.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, what);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn fields_follow_the_message() {
        let line = logged(
            || tracing::info!(target: "t", count = 2, below = -1_i64, name = "a \"b\"", none = None::<&str>, "says"),
        );
        assert_eq!(line, " INFO t: says count=2 below=-1 name=\"a \\\"b\\\"\"\n");
    }

    #[test]
    fn nobody_begins_a_line_or_steers_a_terminal() {
        let word = "x\n INFO audit: all is well \u{1b}[2J\u{9b}1mü";
        let line = logged(|| tracing::warn!(target: "t", shown = %word, "heard {word}"));
        let tame = r"x\n INFO audit: all is well \u{1b}[2J\u{9b}1mü";
        assert_eq!(line, format!(" WARN t: heard {tame} shown={tame}\n"));
    }
}
