//! What the log says of watchlists. Their names are their owners' own, so they are not in it.

use serde_json::json;
use stockade_domain::symbol::Symbol;
use uuid::Uuid;

use crate::core::event::AuditEvent;

pub(super) fn created(id: Uuid, symbols: &[Symbol]) -> AuditEvent {
    AuditEvent::done("watchlist.created").with(json!({ "watchlist": id, "symbols": symbols }))
}

pub(super) fn deleted(id: Uuid) -> AuditEvent {
    AuditEvent::done("watchlist.deleted").with(json!({ "watchlist": id }))
}

/// A symbol was added, or taken off.
pub(super) fn changed(id: Uuid, symbol: Symbol, added: bool) -> AuditEvent {
    let change = if added { "added" } else { "removed" };
    AuditEvent::done("watchlist.changed").with(json!({ "watchlist": id, change: symbol }))
}
