//! `risk_decisions`: what was decided.

use jiff::Timestamp;
use stockade_domain::{
    ids::UserId,
    risk::{Decision, Kind},
};
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A decision to be stored.
pub(in crate::features::risk) struct NewDecision<'a> {
    pub(in crate::features::risk) id: Uuid,
    pub(in crate::features::risk) user: UserId,
    pub(in crate::features::risk) subject: Option<Uuid>,
    pub(in crate::features::risk) fate: &'static str,
    pub(in crate::features::risk) decision: &'a Decision,
    pub(in crate::features::risk) sealed_facts: Vec<u8>,
    pub(in crate::features::risk) sealed: Vec<u8>,
    pub(in crate::features::risk) now: Timestamp,
}

pub(in crate::features::risk) fn insert(new: NewDecision<'_>) -> Query {
    sql(
        "INSERT INTO risk_decisions
             (id, user_id, kind, subject_id, fate, score, action, policy_hash, sealed_facts, sealed, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new.id)
    .bind(new.user)
    .bind(new.decision.kind.as_str())
    .bind(new.subject)
    .bind(new.fate)
    .bind(new.decision.score.thousandths())
    .bind(new.decision.action.as_str())
    .bind(new.decision.policy.as_str())
    .bind(new.sealed_facts)
    .bind(new.sealed)
    .bind(new.now)
}

/// Says how something that was held has ended.
pub(in crate::features::risk) fn set_fate(user: UserId, id: Uuid, fate: &'static str) -> Query {
    sql("UPDATE risk_decisions SET fate = $3 WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .bind(fate)
}

/// A decision as it is stored.
#[derive(Clone, Debug)]
pub(in crate::features::risk) struct StoredDecision {
    pub(in crate::features::risk) id: Uuid,
    pub(in crate::features::risk) user: UserId,
    pub(in crate::features::risk) kind: String,
    pub(in crate::features::risk) subject: Option<Uuid>,
    pub(in crate::features::risk) fate: String,
    pub(in crate::features::risk) score: i64,
    pub(in crate::features::risk) action: String,
    pub(in crate::features::risk) policy_hash: String,
    pub(in crate::features::risk) sealed_facts: Vec<u8>,
    pub(in crate::features::risk) sealed: Vec<u8>,
    pub(in crate::features::risk) at: Timestamp,
}

impl FromRow for StoredDecision {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            user: row.read()?,
            kind: row.read()?,
            subject: row.read()?,
            fate: row.read()?,
            score: row.read()?,
            action: row.read()?,
            policy_hash: row.read()?,
            sealed_facts: row.read()?,
            sealed: row.read()?,
            at: row.read()?,
        })
    }
}

const COLUMNS: &str =
    "id, user_id, kind, subject_id, fate, score, action, policy_hash, sealed_facts, sealed, decided_at
    FROM risk_decisions";

/// One decision.
pub(in crate::features::risk) async fn decision(
    on: &mut impl Queryable,
    id: Uuid,
) -> DbResult<Option<StoredDecision>> {
    sql(format!("SELECT {COLUMNS} WHERE id = $1"))
        .bind(id)
        .optional(on)
        .await
}

/// The newest decision on something of a person's that did not simply pass.
pub(in crate::features::risk) async fn decision_on(
    on: &mut impl Queryable,
    user: UserId,
    subject: Uuid,
) -> DbResult<Option<StoredDecision>> {
    sql(format!(
        "SELECT {COLUMNS} WHERE user_id = $1 AND subject_id = $2 AND action <> 'allow'
         ORDER BY decided_at DESC, id DESC LIMIT 1"
    ))
    .bind(user)
    .bind(subject)
    .optional(on)
    .await
}

/// Which decisions; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub(in crate::features::risk) struct Wanted {
    pub(in crate::features::risk) kind: Option<Kind>,
    pub(in crate::features::risk) user: Option<Uuid>,
    pub(in crate::features::risk) min_score: Option<i64>,
    pub(in crate::features::risk) fate: Option<String>,
    pub(in crate::features::risk) from: Option<Timestamp>,
    pub(in crate::features::risk) to: Option<Timestamp>,
    /// Older than this one.
    pub(in crate::features::risk) before: Option<Uuid>,
    pub(in crate::features::risk) rows: i64,
}

/// From this score on, exclusive, an index holds the few that look risky.
const RISKY: i64 = 500;

/// Decisions, newest first. Ids begin with the time, so an index on them serves every order and stretch of time.
pub(in crate::features::risk) async fn decisions(
    on: &mut impl Queryable,
    wanted: &Wanted,
) -> DbResult<Vec<StoredDecision>> {
    let mut conditions: Vec<String> = Vec::new();
    let mut values: Vec<Bound> = Vec::new();
    let mut add = |condition: &str, value: Bound| {
        values.push(value);
        conditions.push(format!("{condition} ${}", values.len()));
    };
    if let Some(user) = wanted.user {
        add("user_id =", Bound::Id(user));
    }
    if let Some(fate) = &wanted.fate {
        add("fate =", Bound::Text(fate.clone()));
    }
    if let Some(score) = wanted.min_score {
        add("score >=", Bound::Number(score));
    }
    if let Some(from) = wanted.from {
        add("id >=", Bound::Id(first_id_at(from)));
    }
    if let Some(to) = wanted.to {
        add("id <", Bound::Id(first_id_at(to)));
    }
    if let Some(before) = wanted.before {
        add("id <", Bound::Id(before));
    }
    if let Some(kind) = wanted.kind {
        // In the text, because an index holds the sign-ins alone.
        conditions.push(format!("kind = '{}'", kind.as_str()));
    }
    if wanted.min_score.is_some_and(|score| score > RISKY) {
        conditions.push(format!("score > {RISKY}"));
    }
    let conditions = match conditions.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", conditions.join(" AND ")),
    };
    let limit = wanted.rows;
    let mut query = sql(format!(
        "SELECT {COLUMNS} {conditions} ORDER BY id DESC LIMIT {limit}"
    ));
    for value in values {
        query = match value {
            Bound::Id(id) => query.bind(id),
            Bound::Text(text) => query.bind(text),
            Bound::Number(number) => query.bind(number),
        };
    }
    query.all(on).await
}

enum Bound {
    Id(Uuid),
    Text(String),
    Number(i64),
}

/// The least id of an instant: RFC 9562 §5.7 puts the milliseconds into its first 48 bits.
pub fn first_id_at(at: Timestamp) -> Uuid {
    let millis = u128::try_from(at.as_millisecond()).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}

/// Decisions after one, in their order, for whoever reads them all.
pub(in crate::features::risk) async fn decisions_after(
    on: &mut impl Queryable,
    after: Uuid,
    rows: i64,
) -> DbResult<Vec<StoredDecision>> {
    sql(format!("SELECT {COLUMNS} WHERE id > $1 ORDER BY id LIMIT {rows}"))
        .bind(after)
        .all(on)
        .await
}

/// The facts of a decision, sealed, for whoever decides on them anew.
#[derive(Clone, Debug)]
pub(in crate::features::risk) struct StoredFacts {
    pub(in crate::features::risk) id: Uuid,
    pub(in crate::features::risk) user: UserId,
    pub(in crate::features::risk) kind: String,
    pub(in crate::features::risk) score: i64,
    pub(in crate::features::risk) action: String,
    pub(in crate::features::risk) sealed: Vec<u8>,
}

impl FromRow for StoredFacts {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            user: row.read()?,
            kind: row.read()?,
            score: row.read()?,
            action: row.read()?,
            sealed: row.read()?,
        })
    }
}

/// The facts of decisions after one, in their order.
pub(in crate::features::risk) async fn facts_after(
    on: &mut impl Queryable,
    after: Uuid,
    rows: i64,
) -> DbResult<Vec<StoredFacts>> {
    sql(format!(
        "SELECT id, user_id, kind, score, action, sealed_facts FROM risk_decisions WHERE id > $1 ORDER BY id LIMIT {rows}"
    ))
    .bind(after)
    .all(on)
    .await
}

/// Removes every decision about a person.
pub(in crate::features::risk) fn delete_decisions(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM risk_decisions WHERE user_id = $1")
        .bind(user)
        .later(on)
}
