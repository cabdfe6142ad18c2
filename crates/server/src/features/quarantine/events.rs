//! What the log says of quarantine itself; what happens to orders and withdrawals is told by their own events.

use serde_json::json;
use uuid::Uuid;

use crate::core::event::AuditEvent;

/// Its owner says that what is held was their own doing.
pub(super) fn answered(transaction: Uuid) -> AuditEvent {
    AuditEvent::done("review.answered").with(json!({ "transaction": transaction, "answer": "it_was_me" }))
}
