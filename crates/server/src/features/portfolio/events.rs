//! What the log says of portfolios.

use serde_json::json;
use stockade_domain::lots::LotMethod;

use crate::core::event::AuditEvent;

/// Somebody chose which shares their sales take.
pub(super) fn lot_method_chosen(method: LotMethod) -> AuditEvent {
    AuditEvent::done("portfolio.lot_method_chosen").with(json!({ "method": method }))
}

/// Transactions elsewhere were brought here; which is not told.
pub(super) fn imported(source: &str, new: usize, known: usize) -> AuditEvent {
    AuditEvent::done("portfolio.imported").with(json!({ "source": source, "new": new, "known": known }))
}
