//! The audit log: numbering, proofs, exports, verification of real damage, and what is shown to whom.

mod attacker;
mod damage;
mod export;
mod log;
mod numbering;
mod proof;
mod search;
mod sequencer;
