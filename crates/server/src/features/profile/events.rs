//! What the log says of identity data: which fields, never what they hold.

use serde_json::json;
use stockade_domain::ids::UserId;
use uuid::Uuid;

use super::field::Field;
use crate::core::event::AuditEvent;

/// Fields were given, or taken away.
pub(super) fn changed(fields: impl Iterator<Item = (Field, bool)>) -> AuditEvent {
    let (given, removed): (Vec<_>, Vec<_>) = fields.partition(|(_, given)| *given);
    let names = |fields: Vec<(Field, bool)>| fields.iter().map(|(field, _)| *field).collect::<Vec<_>>();
    AuditEvent::done("profile.changed").with(json!({ "fields": names(given), "removed": names(removed) }))
}

/// Fields were shown in clear to their owner.
pub(super) fn revealed(fields: &[Field]) -> AuditEvent {
    AuditEvent::done("profile.revealed").with(json!({ "fields": fields }))
}

/// Another account has the same number. Neither of the two may learn of the other by it.
pub(super) fn duplicate_identity(field: Field, user: UserId, others: &[Uuid]) -> AuditEvent {
    AuditEvent::failed("profile.duplicate_identity")
        .about_nobody()
        .with(json!({ "field": field, "account": user, "others": others }))
}
