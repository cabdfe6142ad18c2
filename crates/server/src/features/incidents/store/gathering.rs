//! What the follower writes: incidents as they open and grow.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, FromRow, Query, Row, Tx, sql};
use uuid::Uuid;

use crate::features::incidents::{
    facts::Fact,
    rules::Match,
    severity::{Severity, Status},
};

/// An incident as far as the next event of its group goes by it.
pub(in crate::features::incidents) struct Current {
    pub(in crate::features::incidents) id: Uuid,
    pub(in crate::features::incidents) severity: Severity,
    pub(in crate::features::incidents) events: i64,
    pub(in crate::features::incidents) people: i64,
    pub(in crate::features::incidents) opened_at: Timestamp,
}

impl FromRow for Current {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            severity: Severity::read(row.read()?)?,
            events: row.read()?,
            people: row.read()?,
            opened_at: row.read()?,
        })
    }
}

/// The incident of a group that an event of this instant belongs to: one that was open then, and had an event since
/// `since`.
pub(in crate::features::incidents) async fn current(
    tx: &mut Tx,
    rule: &str,
    key: &str,
    since: Timestamp,
    at: Timestamp,
) -> DbResult<Option<Current>> {
    sql("SELECT id, severity, events, people, opened_at FROM incidents
         WHERE rule = $1 AND group_key = $2 AND opened_at <= $4 AND last_event_at >= $3
             AND (resolved_at IS NULL OR resolved_at >= $4)
         ORDER BY opened_at DESC, id DESC LIMIT 1")
    .bind(rule)
    .bind(key)
    .bind(since)
    .bind(at)
    .optional(tx)
    .await
}

/// How many incidents a rule opened in a stretch of time.
pub(in crate::features::incidents) async fn count_opened(
    tx: &mut Tx,
    rule: &str,
    since: Timestamp,
    at: Timestamp,
) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM incidents WHERE rule = $1 AND opened_at > $2 AND opened_at <= $3")
        .bind(rule)
        .bind(since)
        .bind(at)
        .one(tx)
        .await
}

/// Opens the incident that an event makes, under that entry's id; false when it was opened before.
pub(in crate::features::incidents) async fn open(
    tx: &mut Tx,
    found: &Match,
    key: &str,
    subject: Option<Uuid>,
    fact: &Fact,
    due_at: Timestamp,
) -> DbResult<bool> {
    let opened = sql(
        "INSERT INTO incidents (id, rule, group_key, severity, status, subject_id, network, opened_at, last_event_at,
             events, people, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0, 0, $9) ON CONFLICT (id) DO NOTHING",
    )
    .bind(fact.entry)
    .bind(found.rule.as_str())
    .bind(key)
    .bind(found.severity as i64)
    .bind(Status::Open.as_str())
    .bind(subject)
    .bind(fact.network.as_deref())
    .bind(fact.at)
    .bind(due_at)
    .run(tx)
    .await?;
    Ok(opened == 1)
}

/// What is linked into a timeline.
pub(in crate::features::incidents) struct Linked<'f> {
    pub(in crate::features::incidents) entry: Uuid,
    pub(in crate::features::incidents) seq: u64,
    pub(in crate::features::incidents) at: Timestamp,
    pub(in crate::features::incidents) kind: &'f str,
    pub(in crate::features::incidents) user: Option<Uuid>,
    pub(in crate::features::incidents) decision: Option<Uuid>,
}

/// Links an event; false when it is there.
pub(in crate::features::incidents) async fn link(
    tx: &mut Tx,
    incident: Uuid,
    event: &Linked<'_>,
) -> DbResult<bool> {
    let linked = sql(
        "INSERT INTO incident_timeline (incident_id, id, at, what, seq, kind, user_id, decision_id)
         VALUES ($1, $2, $3, 'event', $4, $5, $6, $7) ON CONFLICT (incident_id, id) DO NOTHING",
    )
    .bind(incident)
    .bind(event.entry)
    .bind(event.at)
    .bind(event.seq as i64)
    .bind(event.kind)
    .bind(event.user)
    .bind(event.decision)
    .run(tx)
    .await?;
    Ok(linked == 1)
}

/// Notes whom an incident concerns; false when that was known.
pub(in crate::features::incidents) async fn add_person(
    tx: &mut Tx,
    incident: Uuid,
    user: Uuid,
) -> DbResult<bool> {
    let added =
        sql("INSERT INTO incident_people (incident_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(incident)
            .bind(user)
            .run(tx)
            .await?;
    Ok(added == 1)
}

/// Whether somebody is among those an incident concerns.
pub(in crate::features::incidents) async fn concerns(
    tx: &mut Tx,
    incident: Uuid,
    user: Uuid,
) -> DbResult<bool> {
    let found: Option<Uuid> =
        sql("SELECT user_id FROM incident_people WHERE incident_id = $1 AND user_id = $2")
            .bind(incident)
            .bind(user)
            .optional(tx)
            .await?;
    Ok(found.is_some())
}

/// How an incident has grown.
pub(in crate::features::incidents) struct Growth {
    pub(in crate::features::incidents) events: i64,
    pub(in crate::features::incidents) people: i64,
    pub(in crate::features::incidents) at: Timestamp,
    pub(in crate::features::incidents) severity: Severity,
    /// By when somebody must be done with it, at this severity.
    pub(in crate::features::incidents) due_at: Timestamp,
}

/// Lets an incident grow: it matters as much as the worst of its events, and is due as that one wants.
pub(in crate::features::incidents) fn grow(incident: Uuid, by: &Growth) -> Query {
    sql("UPDATE incidents SET events = events + $2, people = people + $3,
             last_event_at = CASE WHEN last_event_at < $4 THEN $4 ELSE last_event_at END,
             severity = CASE WHEN severity < $5 THEN $5 ELSE severity END,
             due_at = CASE WHEN severity < $5 AND due_at > $6 THEN $6 ELSE due_at END
         WHERE id = $1")
    .bind(incident)
    .bind(by.events)
    .bind(by.people)
    .bind(by.at)
    .bind(by.severity as i64)
    .bind(by.due_at)
}

/// An event that is no incident yet.
pub(in crate::features::incidents) struct Signal {
    pub(in crate::features::incidents) entry: Uuid,
    pub(in crate::features::incidents) seq: i64,
    pub(in crate::features::incidents) at: Timestamp,
    pub(in crate::features::incidents) kind: String,
    pub(in crate::features::incidents) user: Option<Uuid>,
}

impl FromRow for Signal {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            entry: row.read()?,
            seq: row.read()?,
            at: row.read()?,
            kind: row.read()?,
            user: row.read()?,
        })
    }
}

/// Keeps the newest signal of each account.
pub(in crate::features::incidents) fn put_signal(found: &Match, fact: &Fact) -> Query {
    sql(
        "INSERT INTO incident_signals (rule, group_key, about, entry_id, seq, at, kind, user_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (rule, group_key, about) DO UPDATE SET entry_id = excluded.entry_id, seq = excluded.seq,
             at = excluded.at, kind = excluded.kind, user_id = excluded.user_id",
    )
    .bind(found.rule.as_str())
    .bind(found.key.as_str())
    .bind(found.about.as_str())
    .bind(fact.entry)
    .bind(fact.seq as i64)
    .bind(fact.at)
    .bind(fact.kind.as_str())
    .bind(fact.user)
}

/// The signals of a group since an instant, oldest first.
pub(in crate::features::incidents) async fn signals(
    tx: &mut Tx,
    rule: &str,
    key: &str,
    since: Timestamp,
) -> DbResult<Vec<Signal>> {
    sql("SELECT entry_id, seq, at, kind, user_id FROM incident_signals
         WHERE rule = $1 AND group_key = $2 AND at >= $3 ORDER BY seq")
    .bind(rule)
    .bind(key)
    .bind(since)
    .all(tx)
    .await
}

/// Forgets the signals of a group, which have become an incident.
pub(in crate::features::incidents) fn drop_signals(rule: &str, key: &str) -> Query {
    sql("DELETE FROM incident_signals WHERE rule = $1 AND group_key = $2")
        .bind(rule)
        .bind(key)
}

/// Forgets signals that no window reaches any more.
pub(in crate::features::incidents) fn drop_signals_before(before: Timestamp) -> Query {
    sql("DELETE FROM incident_signals WHERE at < $1").bind(before)
}

/// Throws away what was gathered; what people did stays.
pub(in crate::features::incidents) fn forget_what_was_gathered() -> Vec<Query> {
    vec![
        sql("DELETE FROM incident_timeline WHERE what = 'event'"),
        sql("DELETE FROM incident_people"),
        sql("DELETE FROM incident_signals"),
        sql("UPDATE incidents SET events = 0, people = 0, last_event_at = opened_at"),
    ]
}
