//! What the log says of price alerts.

use serde_json::json;
use stockade_domain::price::Price;
use uuid::Uuid;

use super::store::Alert;
use crate::core::event::AuditEvent;

pub(super) fn created(alert: &Alert) -> AuditEvent {
    AuditEvent::done("price_alert.created").with(json!({
        "alert": alert.id, "symbol": alert.symbol, "condition": alert.condition(), "price": alert.price,
    }))
}

pub(super) fn deleted(id: Uuid) -> AuditEvent {
    AuditEvent::done("price_alert.deleted").with(json!({ "alert": id }))
}

/// The market met the price; `met` is the farthest it went.
pub(super) fn fired(alert: &Alert, met: Price) -> AuditEvent {
    let details = json!({
        "alert": alert.id, "symbol": alert.symbol, "condition": alert.condition(), "price": alert.price, "met": met,
    });
    AuditEvent::done("price_alert.fired")
        .about(alert.owner)
        .with(details)
}
