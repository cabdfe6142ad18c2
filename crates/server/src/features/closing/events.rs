//! What the log says of the end of an account.

use serde_json::json;
use stockade_domain::ids::UserId;

use crate::core::event::AuditEvent;

/// All data were handed to their owner.
pub(super) fn exported() -> AuditEvent {
    AuditEvent::done("profile.exported")
}

/// Something is left in the account.
pub(super) fn refused(left: &[&str]) -> AuditEvent {
    AuditEvent::refused("person.erasure_refused").with(json!({ "left": left }))
}

/// The same once more, because a restored database had forgotten it.
pub(super) fn erased_again(user: UserId) -> AuditEvent {
    erased(user).with(json!({ "again": true }))
}

/// The person's data key is destroyed. It says nothing about them but that.
pub(super) fn erased(user: UserId) -> AuditEvent {
    AuditEvent::done("person.erased").about_erased(user)
}
