//! What the log says of notifications.

use std::collections::BTreeMap;

use serde_json::json;
use stockade_domain::notices::Notice;

use crate::core::event::AuditEvent;

pub(super) fn chosen(choices: impl Iterator<Item = (Notice, bool)>) -> AuditEvent {
    let by_mail: BTreeMap<&str, bool> = choices.map(|(kind, by_mail)| (kind.as_str(), by_mail)).collect();
    AuditEvent::done("notifications.chosen").with(json!({ "by_mail": by_mail }))
}
