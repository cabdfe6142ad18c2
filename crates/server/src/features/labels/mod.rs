//! Labels: what people found out about events that looked suspicious. Whoever resolves an incident writes them; tests of
//! risk policies on the past read them. No score ever sees one.
//!
//! Invariant: an event has one label, the newest.
//!
//! Table: `labels`.

mod store;

pub use self::store::{Label, Verdict, of_decisions, write};
