//! What the log says of devices.

use serde_json::json;
use stockade_domain::{
    device::Attribute,
    ids::{DeviceId, SessionId, UserId},
};

use super::sealed::Details;
use crate::core::event::AuditEvent;

pub(super) fn added(user: UserId, device: DeviceId, session: SessionId, details: &Details) -> AuditEvent {
    AuditEvent::done("device.added").about(user).with(json!({
        "device": device,
        "session": session,
        "name": details.shown_name(),
        "signature": details.signature(),
    }))
}

pub(super) fn changed(
    user: UserId,
    device: DeviceId,
    session: SessionId,
    name: &str,
    changed: &[Attribute],
) -> AuditEvent {
    let details = json!({ "device": device, "session": session, "name": name, "changed": changed });
    AuditEvent::done("device.changed").about(user).with(details)
}

/// One id on two devices.
pub(super) fn compromised(
    user: UserId,
    device: DeviceId,
    session: SessionId,
    name: &str,
    changed: &[Attribute],
) -> AuditEvent {
    let details = json!({ "device": device, "session": session, "name": name, "changed": changed });
    AuditEvent::failed("device.compromised").about(user).with(details)
}

/// `why` is `unused` or `too_many`.
pub(super) fn expired(user: UserId, device: DeviceId, why: &'static str) -> AuditEvent {
    let details = json!({ "device": device, "why": why });
    AuditEvent::done("device.expired").about(user).with(details)
}

pub(super) fn renamed(device: DeviceId, name: &str) -> AuditEvent {
    AuditEvent::done("device.renamed").with(json!({ "device": device, "name": name }))
}

/// Its owner trusts it, or does no longer.
pub(super) fn trusted(device: DeviceId, name: &str, trusted: bool) -> AuditEvent {
    let kind = if trusted {
        "device.trusted"
    } else {
        "device.distrusted"
    };
    AuditEvent::done(kind).with(json!({ "device": device, "name": name }))
}

pub(super) fn revoked(user: UserId, device: DeviceId, name: &str) -> AuditEvent {
    AuditEvent::done("device.revoked")
        .about(user)
        .with(json!({ "device": device, "name": name }))
}
