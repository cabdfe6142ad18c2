//! What came of a load: how many answers of which status, and how long the right ones took.

use std::{collections::BTreeMap, time::Duration};

use super::histogram::Histogram;

/// The result of one load.
#[derive(Clone)]
pub(crate) struct Tally {
    /// Latencies of the answers that were as expected.
    pub(crate) latencies: Histogram,
    /// Other answers by status.
    pub(crate) unexpected: BTreeMap<u16, u64>,
    /// Requests whose connection broke.
    pub(crate) broken: u64,
    /// Requests of the plan that could not even be sent before patience ended.
    pub(crate) unsent: u64,
    /// How long was measured.
    pub(crate) measured: Duration,
    /// Expected answers from the first to the last, the warm-up among them.
    pub(crate) acknowledged: u64,
}

impl Tally {
    pub(super) fn new(measured: Duration) -> Self {
        let (latencies, unexpected) = (Histogram::new(), BTreeMap::new());
        Self {
            latencies,
            unexpected,
            broken: 0,
            unsent: 0,
            measured,
            acknowledged: 0,
        }
    }

    /// Expected answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.latencies.total() as f64 / self.measured.as_secs_f64()
    }

    /// Everything that did not go as expected, warm-up included.
    pub(crate) fn errors(&self) -> u64 {
        self.unexpected.values().sum::<u64>() + self.broken + self.unsent
    }

    /// The errors in words; empty when there were none.
    pub(crate) fn errors_in_words(&self) -> String {
        let statuses = self
            .unexpected
            .iter()
            .map(|(status, count)| format!("{count} × {status}"));
        let others = [(self.broken, "broken"), (self.unsent, "unsent")];
        let others = others
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"));
        statuses.chain(others).collect::<Vec<_>>().join(", ")
    }
}
