//! Devices: which of a person's devices a request comes from, whether they trust it, and what changed about it.
//!
//! Invariants: a device is known by a random id that only it has, never by its looks, which anybody can copy. An id that
//! turns up on another operating system was copied: the device loses its owner's trust at once. What is personal about a
//! device is sealed under its owner's data key. Every change is on record.
//!
//! Table: `devices`.

mod binding;
mod cookie;
mod events;
mod recognise;
mod report;
mod sealed;
mod seen;
mod store;

pub use self::{
    binding::{binding, is_clearly_other},
    recognise::{Recognised, Status, recognise, trusted},
    report::DeviceReport,
    seen::Seen,
};
