//! The audit log on the server's side: how an entry gets in, is numbered, read, proved, exported and verified.
//!
//! Tables: `audit_head`, `audit_log`, `audit_tiles`, `audit_inbox`, `audit_payloads`, `audit_checkpoints`; all SQL
//! that names them is in [`store`]. The mathematics is the crate `auditlog`.

mod append;
pub mod checkpoint;
pub mod entries;

pub mod payload;

pub mod sequencer;
mod store;

pub use append::recording;
