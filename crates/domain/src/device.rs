//! Devices: what one says of itself, what has changed since it last did, and what cannot have changed.
//!
//! Invariants: what is not said is unknown and never counts as a change; comparing is the same in both directions.

mod agent;
mod changes;
mod fingerprint;

pub use agent::{Agent, Os};
pub use changes::{Attribute, Changes};
pub use fingerprint::Fingerprint;
