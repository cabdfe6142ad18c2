//! What the log says of those who read it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use stockade_domain::ids::UserId;
use uuid::Uuid;

use crate::core::{
    audit::{search::Filter, verify::Verification},
    event::AuditEvent,
};

#[derive(Serialize)]
struct Read<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Uuid>,
    entries: usize,
}

#[derive(Serialize)]
struct Verified<'a> {
    entries: u64,
    root: Option<&'a str>,
    problems: u64,
    kinds: Vec<&'a str>,
}

#[derive(Serialize)]
struct Exported {
    payloads: bool,
}

/// Staff read other people's entries; about the person, if they asked for one.
pub(super) fn read(filter: &Filter, entries: usize) -> AuditEvent {
    let event = AuditEvent::done("audit.read").with(Read {
        from: filter.from,
        to: filter.to,
        kind: filter.kind.as_deref(),
        request: filter.request,
        entries,
    });
    match filter.subject {
        Some(subject) => event.about(UserId::from_uuid(subject)),
        None => event,
    }
}

/// Staff had an entry proved, and so read it.
pub(super) fn proved(id: Uuid) -> AuditEvent {
    AuditEvent::done("audit.proved").with(json!({ "entry": id }))
}

/// Staff began to follow everybody's entries as they come, from the one with this number on; all kinds, or these.
pub(super) fn followed(after: Option<u64>, kinds: &[String]) -> AuditEvent {
    AuditEvent::done("audit.followed").with(json!({ "after": after, "kinds": kinds }))
}

/// The whole log was verified; a failure when it is damaged.
pub(crate) fn verified(outcome: &Verification) -> AuditEvent {
    let mut kinds: Vec<&str> = outcome.problems.iter().map(|problem| problem.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let event = match outcome.valid {
        true => AuditEvent::done("audit.verified"),
        false => AuditEvent::failed("audit.verified"),
    };
    event.with(Verified {
        entries: outcome.entries,
        root: outcome.root.as_deref(),
        problems: outcome.problem_count,
        kinds,
    })
}

/// The log was exported to a directory, with or without what it says of people.
pub(crate) fn exported(payloads: bool) -> AuditEvent {
    AuditEvent::done("audit.exported").with(Exported { payloads })
}
