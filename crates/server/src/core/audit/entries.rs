//! Reading the log: entries with what they say, as long as their keys exist.

use std::{collections::HashMap, ops::Range, sync::Arc};

use auditlog::{Leaf, entry::entry_hash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::{
    db::{DbError, DbResult, Queryable},
    vault::DataKey,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    by_person,
    payload::{self, Content, Opened, Recorded},
    store::{self, StoredEntry},
};
use crate::core::keys::{DataKeys, PLATFORM};

/// One entry as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Its number; the first is 0.
    pub seq: u64,
    /// Its id, made by the unit of work.
    pub id: Uuid,
    /// When it happened; when it was put on record, if it is erased.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What happened, such as `order.filled`.
    pub kind: String,
    /// `user:<id>`, `program:<name>`, `stranger`, to its subject also `staff`; null once erased.
    pub actor: Option<String>,
    /// Whom it concerns.
    pub subject: Option<Uuid>,
    /// `success`, `failure` or `refused`; null once erased.
    pub outcome: Option<String>,
    /// The client's address.
    pub ip: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: Option<Uuid>,
    /// What else was worth knowing.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// True when the person's key was destroyed; the entry still counts in every proof.
    pub erased: bool,
    /// SHA-256 of the leaf, hex.
    pub hash: String,
    /// SHA-256 of the leaf before it, hex.
    pub prev_hash: String,
}

/// A numbered entry with its payload, opened where its key exists.
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: Uuid,
    /// The canonical bytes that are hashed.
    pub leaf: Vec<u8>,
    /// What it says, or `None` once erased.
    pub payload: Option<Opened>,
    subject: Option<Uuid>,
    erased: bool,
}

impl Entry {
    /// What happened, such as `order.filled`, as its header says, which outlives the payload.
    pub fn kind(&self) -> Option<String> {
        let leaf = Leaf::decode(&self.leaf).ok()?;
        Some(leaf.header.kind.as_str().to_owned())
    }

    /// What it says, read back.
    pub fn recorded(&self) -> Option<Recorded> {
        self.read()
    }

    /// As much of what it says as `T` asks for.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_slice(&self.payload.as_ref()?.bytes).ok()
    }

    /// The entry as it is shown.
    pub fn view(&self) -> DbResult<EntryView> {
        let fault = |what: &str| DbError::Fault(format!("entry {} of the audit log {what}", self.seq));
        let leaf = Leaf::decode(&self.leaf).map_err(|_| fault("is not a leaf"))?;
        let recorded = self.recorded();
        let recorded = recorded.as_ref();
        let numbered_at =
            Timestamp::from_microsecond(leaf.header.recorded_at).map_err(|_| fault("has no time"))?;
        Ok(EntryView {
            seq: self.seq,
            id: self.id,
            at: recorded.map_or(numbered_at, |r| r.at),
            kind: leaf.header.kind.as_str().to_owned(),
            actor: recorded.map(|r| r.actor.clone()),
            subject: self.subject,
            outcome: recorded.map(|r| r.outcome.clone()),
            ip: recorded.and_then(|r| r.ip.clone()),
            user_agent: recorded.and_then(|r| r.user_agent.clone()),
            request_id: recorded.and_then(|r| r.request_id),
            details: recorded.map_or(serde_json::Value::Null, |r| r.details.clone()),
            erased: self.erased,
            hash: hex::encode(entry_hash(&self.leaf).as_bytes()),
            prev_hash: hex::encode(leaf.previous.as_bytes()),
        })
    }
}

impl EntryView {
    /// The entry as the person it concerns may see it: who of the staff acted, and from where, is not theirs to know.
    pub fn for_subject(mut self, subject: Uuid) -> Self {
        if self.is_by_another(subject) {
            self.actor = Some("staff".into());
            self.ip = None;
            self.user_agent = None;
            self.request_id = None;
        }
        self
    }

    /// Whether another person than the subject acted.
    pub fn is_by_another(&self, subject: Uuid) -> bool {
        let actor = self.actor.as_deref().unwrap_or_default();
        actor.starts_with("user:") && actor != format!("user:{subject}")
    }
}

/// Up to `most` entries from `seq` on, oldest first.
pub async fn from(on: &mut impl Queryable, keys: &DataKeys, seq: u64, most: i64) -> DbResult<Vec<Entry>> {
    let stored = store::entries_from(on, seq as i64, most).await?;
    open(on, keys, stored).await
}

/// Up to `most` entries from `seq` on: the stretch that they are, and those of wanted kinds, oldest first. An entry's kind
/// stands in the log itself, so payloads before the first and after the last of these are not even read.
pub async fn of_kinds(
    on: &mut impl Queryable,
    keys: &DataKeys,
    seq: u64,
    most: i64,
    wants: impl Fn(&str) -> bool,
) -> DbResult<(Range<u64>, Vec<Entry>)> {
    let leaves = store::leaves(on, seq as i64, most).await?;
    let (Some(first), Some(last)) = (leaves.first(), leaves.last()) else {
        return Ok((seq..seq, Vec::new()));
    };
    let stretch = first.seq as u64..last.seq as u64 + 1;
    let is_wanted = |leaf: &[u8]| Leaf::decode(leaf).is_ok_and(|leaf| wants(leaf.header.kind.as_str()));
    let wanted: Vec<i64> = leaves
        .iter()
        .filter(|stored| is_wanted(&stored.leaf))
        .map(|stored| stored.seq)
        .collect();
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
        return Ok((stretch, Vec::new()));
    };
    let mut stored = store::entries_from(on, *first, last - first + 1).await?;
    stored.retain(|entry| wanted.binary_search(&entry.seq).is_ok());
    Ok((stretch, open(on, keys, stored).await?))
}

/// The entries about one person among those from `from` to before `to`, oldest first.
pub async fn about_between(
    on: &mut impl Queryable,
    keys: &DataKeys,
    subject: Uuid,
    from: u64,
    to: u64,
) -> DbResult<Vec<Entry>> {
    let stored = store::entries_of_between(on, subject, from as i64, to as i64).await?;
    open(on, keys, stored).await
}

/// Up to `most` entries about one person, newest first, before the one with the given number.
pub async fn about(
    on: &mut impl Queryable,
    keys: &DataKeys,
    subject: Uuid,
    before: Option<u64>,
    most: i64,
) -> DbResult<Vec<Entry>> {
    let stored = by_person::entries_of(on, subject, before.map_or(i64::MAX, store::place), most).await?;
    open(on, keys, stored).await
}

/// One entry by its id, once it has been numbered.
pub async fn one(on: &mut impl Queryable, keys: &DataKeys, id: Uuid) -> DbResult<Option<Entry>> {
    let stored = store::entry(on, id).await?.into_iter().collect();
    Ok(open(on, keys, stored).await?.pop())
}

/// Opens what was read, with the keys that exist.
pub(super) async fn open(
    on: &mut impl Queryable,
    keys: &DataKeys,
    stored: Vec<StoredEntry>,
) -> DbResult<Vec<Entry>> {
    let keys = keys_of(on, keys, &stored).await?;
    let open_one = |entry: StoredEntry| {
        let content = payload::content(&keys, entry.id, entry.subject, entry.sealed.as_deref());
        let erased = matches!(content, Content::Erased);
        Entry {
            seq: entry.seq as u64,
            id: entry.id,
            leaf: entry.leaf,
            payload: match content {
                Content::Open(opened) => Some(opened),
                Content::Erased | Content::Closed | Content::Missing => None,
            },
            subject: entry.subject,
            erased,
        }
    };
    Ok(stored.into_iter().map(open_one).collect())
}

/// The keys that open these entries, as far as they exist.
pub(super) async fn keys_of(
    on: &mut impl Queryable,
    keys: &DataKeys,
    stored: &[StoredEntry],
) -> DbResult<HashMap<Uuid, Arc<DataKey>>> {
    let subjects = stored.iter().filter_map(|entry| entry.subject);
    keys.of_all(on, subjects.chain([PLATFORM])).await
}
