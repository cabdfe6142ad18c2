//! Labels: what people found out about events that looked suspicious. Whoever resolves an incident or
//! decides about a transaction that was held writes them; tests of risk policies on the past read them. No score ever sees one.
//!
//! Invariant: an event has one label, the newest.
//!
//! Table: `labels`.

mod store;

pub use self::store::{Label, Verdict, of_decisions, write};
