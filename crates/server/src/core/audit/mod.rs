//! The audit log on the server's side: how an entry gets in, is numbered, read, proved, exported and verified.
//!
//! Tables: `audit_head`, `audit_log`, `audit_tiles`, `audit_inbox`, `audit_payloads`, `audit_subjects`,
//! `audit_checkpoints`; all SQL that names them is in [`store`]. The mathematics is the crate `auditlog`.

pub mod anchor;
mod append;
pub mod by_person;
pub mod checkpoint;
pub mod entries;
pub mod export;
mod nodes;
pub mod payload;
pub mod proof;
pub mod public;
mod scan;
pub mod search;
pub mod sequencer;
mod store;
pub mod tail;
pub mod verify;

pub use append::recording;

/// How many entries are numbered.
pub async fn size(on: &mut impl stockade_platform::db::Queryable) -> stockade_platform::db::DbResult<i64> {
    Ok(store::head(on).await?.size)
}

/// How many committed entries wait for a number; always 0 on SQLite.
pub async fn pending(on: &mut impl stockade_platform::db::Queryable) -> stockade_platform::db::DbResult<i64> {
    store::inbox_length(on).await
}
