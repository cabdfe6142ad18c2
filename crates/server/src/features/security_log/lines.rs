//! Events as lines of the program's own log, as text or JSON like its other lines.

use super::{class::Severity, ocsf::Event};
use crate::config::Lines;

/// Whether an event makes a line.
pub(super) fn makes_line(event: &Event, which: Lines) -> bool {
    match which {
        Lines::All => true,
        Lines::Notable => event.meaning.severity > Severity::Informational,
        Lines::None => false,
    }
}

/// Writes the line.
pub(super) fn write(event: &Event) {
    let (seq, kind, actor) = (event.seq, event.kind.as_str(), event.actor().to_string());
    let outcome = event.outcome.as_deref().unwrap_or("erased");
    if event.meaning.severity >= Severity::High {
        tracing::warn!(target: "security", seq, kind, outcome, actor, "security event");
    } else {
        tracing::info!(target: "security", seq, kind, outcome, actor, "security event");
    }
}
