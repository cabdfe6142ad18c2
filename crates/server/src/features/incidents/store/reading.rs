//! What the desk reads.

use std::collections::BTreeMap;

use jiff::Timestamp;
use stockade_platform::db::{Bind, DbResult, FromRow, Query, Queryable, Row, sql};
use uuid::Uuid;

use crate::features::incidents::severity::{Outcome, Severity, Status};

/// An incident as it is stored.
#[derive(Clone)]
pub(in crate::features::incidents) struct Incident {
    pub(in crate::features::incidents) id: Uuid,
    pub(in crate::features::incidents) rule: String,
    pub(in crate::features::incidents) severity: Severity,
    pub(in crate::features::incidents) status: Status,
    pub(in crate::features::incidents) subject: Option<Uuid>,
    pub(in crate::features::incidents) network: Option<String>,
    pub(in crate::features::incidents) assignee: Option<Uuid>,
    pub(in crate::features::incidents) opened_at: Timestamp,
    pub(in crate::features::incidents) last_event_at: Timestamp,
    pub(in crate::features::incidents) events: i64,
    pub(in crate::features::incidents) people: i64,
    pub(in crate::features::incidents) due_at: Timestamp,
    pub(in crate::features::incidents) resolved_at: Option<Timestamp>,
    pub(in crate::features::incidents) resolved_by: Option<Uuid>,
    pub(in crate::features::incidents) outcome: Option<Outcome>,
}

impl FromRow for Incident {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            rule: row.read()?,
            severity: Severity::read(row.read()?)?,
            status: Status::read(&row.read::<String>()?)?,
            subject: row.read()?,
            network: row.read()?,
            assignee: row.read()?,
            opened_at: row.read()?,
            last_event_at: row.read()?,
            events: row.read()?,
            people: row.read()?,
            due_at: row.read()?,
            resolved_at: row.read()?,
            resolved_by: row.read()?,
            outcome: row
                .read::<Option<String>>()?
                .map(|text| Outcome::read(&text))
                .transpose()?,
        })
    }
}

const INCIDENT: &str =
    "SELECT id, rule, severity, status, subject_id, network, assignee_id, opened_at, last_event_at,
    events, people, due_at, resolved_at, resolved_by, outcome FROM incidents";

/// Which incidents.
#[derive(Clone, Debug, Default)]
pub(in crate::features::incidents) struct Filter {
    pub(in crate::features::incidents) status: Option<Status>,
    pub(in crate::features::incidents) severity: Option<Severity>,
    pub(in crate::features::incidents) rule: Option<String>,
    pub(in crate::features::incidents) assignee: Option<Uuid>,
    pub(in crate::features::incidents) user: Option<Uuid>,
    pub(in crate::features::incidents) from: Option<Timestamp>,
    pub(in crate::features::incidents) to: Option<Timestamp>,
    /// Not resolved.
    pub(in crate::features::incidents) unresolved: bool,
    /// Not resolved, and due before this instant.
    pub(in crate::features::incidents) overdue_at: Option<Timestamp>,
    /// Before the one with this id.
    pub(in crate::features::incidents) before: Option<Uuid>,
}

/// Binds a value to a statement.
type Bound = Box<dyn FnOnce(Query) -> Query>;

impl Filter {
    /// Only what was asked for stands in the statement, so that its index serves it.
    fn conditions(&self) -> Vec<(&'static str, Bound)> {
        let of_user = "id IN (SELECT incident_id FROM incident_people WHERE user_id = ?)";
        let all = [
            self.before.map(|id| ("id < ?", bound(id))),
            self.status
                .map(|status| ("status = ?", bound(status.as_str().to_owned()))),
            self.severity
                .map(|severity| ("severity = ?", bound(severity as i64))),
            self.rule.clone().map(|rule| ("rule = ?", bound(rule))),
            self.assignee.map(|id| ("assignee_id = ?", bound(id))),
            self.user.map(|id| (of_user, bound(id))),
            self.from.map(|at| ("opened_at >= ?", bound(at))),
            self.to.map(|at| ("opened_at < ?", bound(at))),
            self.overdue_at
                .map(|at| ("resolved_at IS NULL AND due_at < ?", bound(at))),
        ];
        all.into_iter().flatten().collect()
    }

    fn query(&self, most: i64) -> Query {
        let unresolved = if self.unresolved {
            "resolved_at IS NULL"
        } else {
            "1 = 1"
        };
        let (mut text, mut all) = (format!("{INCIDENT} WHERE {unresolved}"), Vec::new());
        for (condition, value) in self.conditions() {
            text.push_str(" AND ");
            all.push(value);
            text.push_str(&condition.replace('?', &format!("${}", all.len())));
        }
        text.push_str(&format!(" ORDER BY id DESC LIMIT ${}", all.len() + 1));
        let query = all.into_iter().fold(sql(text), |query, bind| bind(query));
        query.bind(most)
    }
}

fn bound<T: Bind + 'static>(value: T) -> Bound {
    Box::new(move |query: Query| query.bind(value))
}

/// Incidents, the newest first.
pub(in crate::features::incidents) async fn list(
    on: &mut impl Queryable,
    filter: &Filter,
    most: i64,
) -> DbResult<Vec<Incident>> {
    filter.query(most).all(on).await
}

/// One incident.
pub(in crate::features::incidents) async fn one(
    on: &mut impl Queryable,
    id: Uuid,
) -> DbResult<Option<Incident>> {
    sql(format!("{INCIDENT} WHERE id = $1"))
        .bind(id)
        .optional(on)
        .await
}

/// What is not resolved, by severity: how many, and of these how many nobody looks into, and how many are overdue.
pub(in crate::features::incidents) async fn unresolved(
    on: &mut impl Queryable,
    now: Timestamp,
) -> DbResult<BTreeMap<Severity, (i64, i64, i64)>> {
    let rows: Vec<(i64, i64, i64, i64)> = sql("SELECT severity, COUNT(*),
             COUNT(CASE WHEN status = 'open' THEN 1 END), COUNT(CASE WHEN due_at < $1 THEN 1 END)
         FROM incidents WHERE resolved_at IS NULL GROUP BY severity")
    .bind(now)
    .all(on)
    .await?;
    rows.into_iter()
        .map(|(severity, all, open, overdue)| Ok((Severity::read(severity)?, (all, open, overdue))))
        .collect()
}

/// A line of a timeline.
pub(in crate::features::incidents) struct Moment {
    pub(in crate::features::incidents) id: Uuid,
    pub(in crate::features::incidents) at: Timestamp,
    pub(in crate::features::incidents) what: String,
    pub(in crate::features::incidents) kind: Option<String>,
    pub(in crate::features::incidents) user: Option<Uuid>,
    pub(in crate::features::incidents) decision: Option<Uuid>,
    pub(in crate::features::incidents) by: Option<Uuid>,
    pub(in crate::features::incidents) words: Option<String>,
}

impl FromRow for Moment {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            at: row.read()?,
            what: row.read()?,
            kind: row.read()?,
            user: row.read()?,
            decision: row.read()?,
            by: row.read()?,
            words: row.read()?,
        })
    }
}

/// A timeline, oldest first, after the line with this id.
pub(in crate::features::incidents) async fn timeline(
    on: &mut impl Queryable,
    incident: Uuid,
    after: Uuid,
    most: i64,
) -> DbResult<Vec<Moment>> {
    sql(
        "SELECT id, at, what, kind, user_id, decision_id, by_id, words FROM incident_timeline
         WHERE incident_id = $1 AND id > $2 ORDER BY id LIMIT $3",
    )
    .bind(incident)
    .bind(after)
    .bind(most)
    .all(on)
    .await
}

/// Whom an incident concerns.
pub(in crate::features::incidents) async fn people(
    on: &mut impl Queryable,
    incident: Uuid,
    most: i64,
) -> DbResult<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> =
        sql("SELECT user_id FROM incident_people WHERE incident_id = $1 ORDER BY user_id LIMIT $2")
            .bind(incident)
            .bind(most)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}
