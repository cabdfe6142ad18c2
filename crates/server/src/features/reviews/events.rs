//! What the log says of decisions about what is held. Its owner reads it, too; who decided they are not told.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{core::event::AuditEvent, features::quarantine::Held};

/// One of two analysts approved.
pub(super) fn approval_given(held: &Held, given: i64, note: Option<&str>) -> AuditEvent {
    let mut details = about(held, note);
    details["approvals"] = given.into();
    details["approvals_needed"] = held.approvals_needed().into();
    AuditEvent::done("review.approval_given")
        .about(held.owner())
        .with(details)
}

/// It was let through.
pub(super) fn approved(held: &Held, note: Option<&str>) -> AuditEvent {
    AuditEvent::done("review.approved")
        .about(held.owner())
        .with(about(held, note))
}

/// It was stopped.
pub(super) fn rejected(held: &Held, note: Option<&str>) -> AuditEvent {
    AuditEvent::done("review.rejected")
        .about(held.owner())
        .with(about(held, note))
}

/// Nobody decided in time.
pub(super) fn expired(held: &Held) -> AuditEvent {
    AuditEvent::done("review.expired")
        .about(held.owner())
        .with(about(held, None))
}

/// Somebody tried to decide about what is their own.
pub(super) fn own_refused(transaction: Uuid) -> AuditEvent {
    AuditEvent::refused("review.own_refused").with(json!({ "transaction": transaction }))
}

/// Staff looked at the evidence.
pub(super) fn read(transaction: Uuid) -> AuditEvent {
    AuditEvent::done("review.read")
        .about_nobody()
        .with(json!({ "transaction": transaction }))
}

fn about(held: &Held, note: Option<&str>) -> Value {
    let mut details = json!({ "transaction": held.id(), "operation": held.operation().as_str() });
    if let Some(amount) = held.amount() {
        details["amount"] = json!(amount);
        details["currency"] = amount.currency().as_str().into();
    }
    if let Some(note) = note {
        details["note"] = note.into();
    }
    details
}
