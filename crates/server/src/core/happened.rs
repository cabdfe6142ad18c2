//! How often each kind of event has happened on this instance, counted once its transaction is durable.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use auditlog::Kind;

use super::event::EventOutcome;

/// The counters. Kinds are names in the program's own text, so there is an end to them.
#[derive(Default)]
pub struct Happened(Mutex<HashMap<Kind, [u64; EventOutcome::ALL.len()]>>);

impl Happened {
    /// Counts what one transaction recorded.
    pub fn count(&self, events: &[(Kind, EventOutcome)]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, outcome) in events {
            match counts.get_mut(kind) {
                Some(row) => row[*outcome as usize] += 1,
                None => counts.entry(kind.clone()).or_default()[*outcome as usize] = 1,
            }
        }
    }

    /// Every kind with every outcome it had, in order.
    pub fn counts(&self) -> Vec<(String, EventOutcome, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = counts.iter().flat_map(|(kind, row)| {
            EventOutcome::ALL.map(|outcome| (kind.as_str().to_owned(), outcome, row[outcome as usize]))
        });
        let mut rows: Vec<_> = rows.filter(|(_, _, count)| *count > 0).collect();
        rows.sort_by(|one, other| (&one.0, one.1 as u8).cmp(&(&other.0, other.1 as u8)));
        rows
    }
}
