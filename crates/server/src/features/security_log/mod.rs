//! The security log: each event of the audit log, told to people and to other systems. Targets are lines of the
//! program's own log, a file and a syslog receiver; the last two get OCSF 1.3 (Open Cybersecurity Schema Framework).
//!
//! Invariants: a target is a follower of the audit log with a cursor of its own, so it misses nothing, sees some events
//! twice after a crash, and holds up nobody while it is away. What leaves names people by id alone: no mail address, no
//! name, no amount and no secret; of the request it tells address and program, without which an event is of no use.
//!
//! It owns no tables.

mod class;
mod follow;
mod lines;
mod ocsf;
mod rfc5424;
mod target;

pub use self::{
    class::{Class, Meaning, Severity, meaning_of},
    follow::{SecurityLog, follow_log},
};
