//! An entry of the audit log as an OCSF event (schema 1.3.0).
//!
//! What leaves: what happened and how it went, the ids of person, session, request and entry, the client's address and
//! program, and of the details the words in [`TOLD`]. Nothing else: no mail address, name, amount, order or secret.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::class::{Class, Meaning, meaning_of};
use crate::core::audit::entries::Entry;

/// The schema that events follow.
const SCHEMA: &str = "1.3.0";
/// Details that say how something went, in words of our own.
const TOLD: [&str; 8] = [
    "reason",
    "code",
    "how",
    "by",
    "method",
    "authenticator",
    "purpose",
    "needed",
];

/// An entry, as far as another system may know it.
pub(super) struct Event {
    /// Its number.
    pub(super) seq: u64,
    /// What happened.
    pub(super) kind: String,
    /// What that means.
    pub(super) meaning: Meaning,
    /// When, in microseconds since the Unix epoch.
    pub(super) micros: i64,
    /// How it went; `None` once erased.
    pub(super) outcome: Option<String>,
    id: Uuid,
    actor: Option<String>,
    subject: Option<Uuid>,
    ip: Option<String>,
    user_agent: Option<String>,
    request: Option<Uuid>,
    session: Option<Uuid>,
    told: Option<String>,
}

impl Event {
    /// What the entry says; of an erased one only what its header says.
    pub(super) fn of(entry: &Entry) -> Self {
        let leaf = auditlog::Leaf::decode(&entry.leaf).ok();
        let kind = entry.kind().unwrap_or_default();
        let recorded = entry.recorded();
        let recorded = recorded.as_ref();
        let numbered = leaf.map_or(0, |leaf| leaf.header.recorded_at);
        Self {
            seq: entry.seq,
            meaning: meaning_of(&kind),
            kind,
            micros: recorded.map_or(numbered, |said| said.at.as_microsecond()),
            outcome: recorded.map(|said| said.outcome.clone()),
            id: entry.id,
            actor: recorded.map(|said| said.actor.clone()),
            subject: recorded.and_then(|said| said.subject),
            ip: recorded.and_then(|said| said.ip.clone()),
            user_agent: recorded.and_then(|said| said.user_agent.clone()),
            request: recorded.and_then(|said| said.request_id),
            session: recorded.and_then(|said| said.session),
            told: recorded.and_then(|said| told(&said.details)),
        }
    }

    /// Whom it concerns: the subject, else who acts, else nobody known.
    fn user(&self) -> Value {
        let acting = self
            .actor
            .as_deref()
            .and_then(|actor| actor.strip_prefix("user:"));
        match (self.subject, acting) {
            (Some(subject), _) => json!({ "uid": subject.to_string(), "type_id": 1 }),
            (None, Some(id)) => json!({ "uid": id, "type_id": 1 }),
            (None, None) => json!({ "uid": "unknown", "type_id": 0 }),
        }
    }

    /// Who acts: a person in a session, a program of ours, or somebody unknown.
    pub(super) fn actor(&self) -> Value {
        let actor = self.actor.as_deref().unwrap_or("erased");
        let mut said = Map::new();
        match actor.split_once(':') {
            Some(("user", id)) => drop(said.insert("user".into(), json!({ "uid": id, "type_id": 1 }))),
            Some(("program", name)) => {
                drop(said.insert("app_name".into(), json!(format!("stockade {name}"))))
            }
            _ => drop(said.insert("invoked_by".into(), json!(actor))),
        }
        if let Some(session) = self.session {
            said.insert("session".into(), json!({ "uid": session.to_string() }));
        }
        Value::Object(said)
    }

    /// Where it came from; the program itself when nobody asked for it over the network.
    fn endpoint(&self) -> Value {
        match &self.ip {
            Some(ip) => json!({ "ip": ip }),
            None => json!({ "svc_name": "stockade" }),
        }
    }

    /// The event as JSON. It is ASCII but for what a client called itself.
    pub(super) fn json(&self) -> Value {
        let Meaning {
            class,
            activity,
            severity,
        } = self.meaning;
        let mut event = Map::new();
        let mut say = |name: &str, value: Value| drop(event.insert(name.to_owned(), value));
        say("class_uid", json!(class.uid()));
        say("category_uid", json!(class.category()));
        say("activity_id", json!(activity));
        say("type_uid", json!(class.uid() * 100 + u32::from(activity)));
        say("severity_id", json!(severity as u8));
        say("time", json!(self.micros.div_euclid(1_000)));
        say("message", json!(self.kind));
        say("metadata", self.metadata());
        if let Some(told) = &self.told {
            say("status_detail", json!(told));
        }
        match class {
            Class::AccountChange | Class::Authentication => {
                say("user", self.user());
                say("actor", self.actor());
                say("src_endpoint", self.endpoint());
                say("status_id", json!(self.status()));
                if class == Class::Authentication {
                    say("service", json!({ "name": "stockade" }));
                }
            }
            Class::ApiActivity => {
                say("actor", self.actor());
                say(
                    "api",
                    json!({ "operation": self.kind, "service": { "name": "stockade" } }),
                );
                say("src_endpoint", self.endpoint());
                say("status_id", json!(self.status()));
            }
            Class::DetectionFinding => {
                say("finding_info", self.finding());
                say("evidences", json!([self.evidence()]));
                say("status_id", json!(1));
            }
            Class::IncidentFinding => {
                say("finding_info_list", json!([self.finding()]));
                say("unmapped", json!({ "evidences": [self.evidence()] }));
                say("status_id", json!(1));
            }
        }
        if let Some(program) = &self.user_agent
            && class != Class::IncidentFinding
            && class != Class::DetectionFinding
        {
            say("http_request", json!({ "user_agent": program }));
        }
        Value::Object(event)
    }

    fn metadata(&self) -> Value {
        let mut metadata = json!({
            "version": SCHEMA,
            "product": { "name": "Stockade", "vendor_name": "Stockade", "version": env!("CARGO_PKG_VERSION") },
            "uid": self.id.to_string(),
            "sequence": self.seq,
            "event_code": self.kind,
            "log_name": "audit",
        });
        if let Some(request) = self.request {
            metadata["correlation_uid"] = json!(request.to_string());
        }
        metadata
    }

    /// 1 success, 2 failure, 0 unknown.
    fn status(&self) -> u8 {
        match self.outcome.as_deref() {
            Some("success") => 1,
            Some(_) => 2,
            None => 0,
        }
    }

    fn finding(&self) -> Value {
        json!({
            "uid": self.id.to_string(),
            "title": self.kind,
            "created_time": self.micros.div_euclid(1_000),
        })
    }

    fn evidence(&self) -> Value {
        json!({ "actor": self.actor(), "src_endpoint": self.endpoint(), "user": self.user() })
    }
}

fn told(details: &Value) -> Option<String> {
    let said = TOLD
        .iter()
        .filter_map(|name| Some((*name, details.get(*name)?.as_str()?)));
    let said: Vec<String> = said.map(|(name, value)| format!("{name}={value}")).collect();
    (!said.is_empty()).then(|| said.join(" "))
}
