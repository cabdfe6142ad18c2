//! What every feature stands on: who acts, the unit of work, the audit log, and what may happen once. It calls no
//! feature.

pub mod actor;
pub mod audit;
pub mod bookkeeping;
pub mod change;
pub mod event;
pub mod followers;
pub mod happened;
pub mod keys;
pub mod leases;
pub mod migrations;
pub mod once;
pub mod sealed;
