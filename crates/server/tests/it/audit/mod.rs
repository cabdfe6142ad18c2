//! The audit log: numbering, proofs, exports, verification of real damage, and what is shown to whom.

pub mod attacker;
mod command_line;
mod damage;
mod desk;
mod export;
pub mod log;
mod numbering;
mod own_entries;
mod proof;
mod public_log;
mod search;
mod sequencer;
