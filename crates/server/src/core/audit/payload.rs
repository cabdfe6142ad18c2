//! What an entry says: canonical bytes, committed to with a salt, sealed under the subject's key, laid beside the log.
//!
//! The bytes written here are the bytes hashed; nothing renders them again.

use std::{collections::HashMap, sync::Arc};

use auditlog::{NewEntry, commitment};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use stockade_platform::{
    db::{DbError, DbResult, Tx},
    random,
    vault::{DataKey, Place, VaultError},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::store;
use crate::core::{
    actor::{Actor, Origin, Who},
    event::{AuditEvent, EventOutcome, Subject},
    keys::{DataKeys, PLATFORM},
};

/// Version of [`Payload`], held in each entry's header.
const SCHEMA: u16 = 1;

/// Bytes of salt in front of the sealed payload.
const SALT: usize = 32;

/// The recorded fields, in the order they are written.
#[derive(Serialize)]
struct Payload<'a> {
    at: Timestamp,
    actor: String,
    subject: Option<Uuid>,
    outcome: EventOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<std::net::IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Uuid>,
    details: &'a RawValue,
}

/// A payload read back.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    /// When it happened.
    pub at: Timestamp,
    /// `user:<id>`, `program:<name>` or `stranger`.
    pub actor: String,
    /// Whom it concerns.
    pub subject: Option<Uuid>,
    /// How it went.
    pub outcome: String,
    /// The client's address.
    pub ip: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: Option<Uuid>,
    /// The session.
    pub session: Option<Uuid>,
    /// What else was worth knowing.
    pub details: serde_json::Value,
}

/// A payload as the auditor gets it: what was committed to, and the salt that shows it.
pub struct Opened {
    /// The canonical bytes.
    pub bytes: Vec<u8>,
    /// The salt of the commitment.
    pub salt: [u8; SALT],
}

/// Writes the payloads of a unit's events beside the log and answers the entries that commit to them.
pub async fn record(
    keys: &DataKeys,
    tx: &mut Tx,
    actor: &Actor,
    at: Timestamp,
    events: Vec<AuditEvent>,
) -> DbResult<Vec<NewEntry>> {
    let mut entries = Vec::with_capacity(events.len());
    // The inbox is emptied by id, so the ids of one unit rise in the order of its events.
    let mut ids: Vec<Uuid> = events.iter().map(|_| random::uuid_v7(at)).collect();
    ids.sort_unstable();
    for (id, event) in ids.into_iter().zip(events) {
        let (subject, sealed_for) = subject_of(actor, &event);
        let bytes = canonical(actor, at, subject, &event);
        let salt: [u8; SALT] = random::bytes();
        let commitment = commitment(&salt, &bytes);
        let sealed = {
            let mut plain = Zeroizing::new(Vec::with_capacity(SALT + bytes.len()));
            plain.extend_from_slice(&salt);
            plain.extend_from_slice(&bytes);
            sealing_key(keys, tx, sealed_for).await?.seal(&place(&id), &plain)
        };
        store::insert_payload(tx, id, subject, sealed)?;
        entries.push(NewEntry {
            id: id.into_bytes(),
            kind: event.kind,
            schema: SCHEMA,
            commitment,
        });
    }
    Ok(entries)
}

/// Whom an event is filed under, and whose key seals it.
fn subject_of(actor: &Actor, event: &AuditEvent) -> (Option<Uuid>, Option<Uuid>) {
    let (subject, sealed_for) = match event.subject {
        Subject::Actor => (actor.person(), actor.person()),
        Subject::Person(person) => (Some(person), Some(person)),
        Subject::Erased(person) => (Some(person), None),
        Subject::Nobody => (None, None),
    };
    (subject.map(|id| id.as_uuid()), sealed_for.map(|id| id.as_uuid()))
}

/// A subject whose key is gone was erased; what still happens is the platform's to know.
async fn sealing_key(keys: &DataKeys, tx: &mut Tx, subject: Option<Uuid>) -> DbResult<Arc<DataKey>> {
    if let Some(subject) = subject
        && let Some(key) = keys.to_record(tx, subject).await?
    {
        return Ok(key);
    }
    keys.to_record(tx, PLATFORM)
        .await?
        .ok_or_else(|| DbError::Fault("the platform's own data key is missing".into()))
}

/// What has become of an entry's payload.
pub(super) enum Content {
    /// It opens.
    Open(Opened),
    /// Its subject's key was destroyed, and with it payload and salt.
    Erased,
    /// It does not open, although its subject's key exists.
    Closed,
    /// There is none.
    Missing,
}

/// Opens a sealed payload with the keys that exist: the subject's, or the platform's.
pub(super) fn content(
    keys: &HashMap<Uuid, Arc<DataKey>>,
    id: Uuid,
    subject: Option<Uuid>,
    sealed: Option<&[u8]>,
) -> Content {
    let Some(sealed) = sealed else {
        return Content::Missing;
    };
    let mut candidates = subject
        .into_iter()
        .chain([PLATFORM])
        .filter_map(|owner| keys.get(&owner));
    match candidates.find_map(|key| open(key, id, sealed)) {
        Some(opened) => Content::Open(opened),
        None if subject.is_some_and(|subject| !keys.contains_key(&subject)) => Content::Erased,
        None => Content::Closed,
    }
}

fn open(key: &DataKey, id: Uuid, sealed: &[u8]) -> Option<Opened> {
    let plain = key.open(&place(&id), sealed).ok()?;
    let (salt, bytes) = plain.expose_secret().split_at_checked(SALT)?;
    Some(Opened {
        salt: salt.try_into().ok()?,
        bytes: bytes.to_vec(),
    })
}

/// The data key that sealed a payload which the platform's key does not open.
pub(super) fn sealed_with(platform: &DataKey, id: Uuid, sealed: &[u8]) -> Option<Uuid> {
    match platform.open(&place(&id), sealed) {
        Err(VaultError::UnknownKey(key)) => key.parse().ok(),
        _ => None,
    }
}

fn canonical(actor: &Actor, at: Timestamp, subject: Option<Uuid>, event: &AuditEvent) -> Vec<u8> {
    let (name, session) = match actor.who {
        Who::Stranger => ("stranger".to_owned(), None),
        Who::Person { id, session } => (format!("user:{id}"), Some(session.as_uuid())),
        Who::Program(name) => (format!("program:{name}"), None),
    };
    let erased = matches!(event.subject, Subject::Erased(_));
    let origin = match erased {
        true => &Origin::default(),
        false => &actor.origin,
    };
    let payload = Payload {
        at,
        actor: name,
        subject,
        outcome: event.outcome,
        ip: origin.ip,
        user_agent: origin.user_agent.as_deref(),
        request_id: origin.request_id.map(|id| id.as_uuid()),
        session: session.filter(|_| !erased),
        details: &event.details,
    };
    serde_json::to_vec(&payload).expect("a payload is plain data with string keys")
}

fn place(id: &Uuid) -> Place<'_> {
    Place {
        table: "audit_payloads",
        column: "sealed",
        row: id.as_bytes(),
    }
}
