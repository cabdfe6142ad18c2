//! The typed security event: one per thing that happens, past tense. Features add their own constructors beside
//! their code (`features/*/events.rs`); the audit record, and by followers of the log everything else, is made from
//! it.

use auditlog::Kind;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use stockade_domain::ids::UserId;

/// How it went, as the record says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    /// It was done.
    Success,
    /// Somebody tried and failed, such as with a wrong password.
    Failure,
    /// A rule said no.
    Refused,
}

impl EventOutcome {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Success, Self::Failure, Self::Refused];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Refused => "refused",
        }
    }
}

/// Whom an event concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Who acts, if it is a person.
    Actor,
    /// This person.
    Person(UserId),
    /// This person, who has just been erased.
    Erased(UserId),
    /// Nobody who may read it.
    Nobody,
}

/// Something that happened, ready to be recorded.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    pub(super) kind: Kind,
    pub(super) subject: Subject,
    pub(super) outcome: EventOutcome,
    pub(super) details: Box<RawValue>,
}

impl AuditEvent {
    /// Something done. Its subject is the acting person until [`AuditEvent::about`] says otherwise.
    pub fn done(kind: &'static str) -> Self {
        Self::new(kind, EventOutcome::Success)
    }

    /// Something tried in vain.
    pub fn failed(kind: &'static str) -> Self {
        Self::new(kind, EventOutcome::Failure)
    }

    /// Something a rule said no to.
    pub fn refused(kind: &'static str) -> Self {
        Self::new(kind, EventOutcome::Refused)
    }

    /// Whom it concerns: the record is sealed under this person's key.
    pub fn about(mut self, subject: UserId) -> Self {
        self.subject = Subject::Person(subject);
        self
    }

    /// It is the erasure of this person, or goes with it: sealed under the platform's key, so that it can still be
    /// read, and without address, program and session of whoever asked.
    pub fn about_erased(mut self, subject: UserId) -> Self {
        self.subject = Subject::Erased(subject);
        self
    }

    /// It is for staff alone, even when a person acts: nobody finds it among their own entries.
    pub fn about_nobody(mut self) -> Self {
        self.subject = Subject::Nobody;
        self
    }

    /// What else is worth knowing. Never a secret.
    pub fn with(mut self, details: impl Serialize) -> Self {
        self.details = to_raw_value(&details).expect("details are plain data with string keys");
        self
    }

    /// The stable name, such as `order.filled`.
    pub fn kind(&self) -> &str {
        self.kind.as_str()
    }

    /// What it is counted under.
    pub(super) fn label(&self) -> (Kind, EventOutcome) {
        (self.kind.clone(), self.outcome)
    }

    fn new(kind: &'static str, outcome: EventOutcome) -> Self {
        let kind = Kind::from_static(kind);
        Self {
            kind,
            subject: Subject::Actor,
            outcome,
            details: to_raw_value(&serde_json::Map::new()).expect("nothing is plain data"),
        }
    }
}

impl AuditEvent {
    /// A request was repeated under its idempotency key and got the resource it had made before.
    pub fn replayed(resource: uuid::Uuid) -> Self {
        #[derive(Serialize)]
        struct Details {
            resource: uuid::Uuid,
        }
        Self::done("request.replayed").with(Details { resource })
    }
}
