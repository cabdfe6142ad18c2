//! What a long command shows while it works: on standard error, and only when that is a terminal.

use std::{fs, path::Path, time::Duration};

use indicatif::{HumanBytes, ProgressBar, ProgressState, ProgressStyle};

/// How often a step that says nothing of itself is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// So many of `unit`; a length that is not known yet is 0.
pub(super) fn bar(length: u64, unit: &str) -> ProgressBar {
    let text = format!("{{bar:30}} {{human_pos}} of {{human_len}} {unit}, {{per_sec}}, {{eta}} left");
    ProgressBar::new(length).with_style(style(&text))
}

/// So many bytes.
pub(super) fn bytes(length: u64) -> ProgressBar {
    ProgressBar::new(length).with_style(style("{bar:30} {bytes} of {total_bytes}, {eta} left"))
}

/// So many of `unit` out of nobody knows how many.
pub(super) fn counter(unit: &'static str) -> ProgressBar {
    ProgressBar::new_spinner()
        .with_style(style("{spinner} {human_pos} {msg}, {per_sec}"))
        .with_message(unit)
}

/// Moves a bar whose length is told with each step.
pub(super) fn show(bar: &ProgressBar, done: u64, of: u64) {
    bar.set_length(of);
    bar.set_position(done);
}

/// One step after another, each named, with the time it takes and how long the file has become that it writes.
pub(super) struct Steps(ProgressBar);

impl Steps {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(super) fn next(&self, what: &'static str, writes: Option<&Path>) {
        let file = writes.map(Path::to_owned);
        let written = move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
            if let Some(length) = file.as_deref().and_then(length) {
                let _ = write!(text, ", {} written", HumanBytes(length));
            }
        };
        let shown = style("{spinner} {msg}{written}, {elapsed}").with_key("written", written);
        self.0.set_style(shown);
        self.0.set_message(what);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn length(file: &Path) -> Option<u64> {
    fs::metadata(file).ok().map(|about| about.len())
}

fn style(text: &str) -> ProgressStyle {
    ProgressStyle::with_template(text).unwrap_or_else(|_| ProgressStyle::default_bar())
}
