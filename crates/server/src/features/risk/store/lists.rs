//! `risk_lists`: what is blocked, watched or allowed.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A line of a list.
#[derive(Clone, Debug)]
pub(in crate::features::risk) struct Line {
    pub(in crate::features::risk) id: Uuid,
    pub(in crate::features::risk) list: String,
    pub(in crate::features::risk) what: String,
    pub(in crate::features::risk) value: String,
    pub(in crate::features::risk) reason: String,
    pub(in crate::features::risk) added_by: Uuid,
    pub(in crate::features::risk) added_at: Timestamp,
    pub(in crate::features::risk) expires_at: Option<Timestamp>,
}

impl FromRow for Line {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            list: row.read()?,
            what: row.read()?,
            value: row.read()?,
            reason: row.read()?,
            added_by: row.read()?,
            added_at: row.read()?,
            expires_at: row.read()?,
        })
    }
}

const COLUMNS: &str = "id, list, what, value, reason, added_by, added_at, expires_at FROM risk_lists";

/// Everything in force at an instant.
pub(in crate::features::risk) async fn in_force(
    on: &mut impl Queryable,
    now: Timestamp,
) -> DbResult<Vec<Line>> {
    sql(format!(
        "SELECT {COLUMNS} WHERE removed_at IS NULL AND (expires_at IS NULL OR expires_at > $1) ORDER BY id"
    ))
    .bind(now)
    .all(on)
    .await
}

/// Lines in force, newest first, older than one.
pub(in crate::features::risk) async fn page(
    on: &mut impl Queryable,
    now: Timestamp,
    before: Option<Uuid>,
    rows: i64,
) -> DbResult<Vec<Line>> {
    sql(format!(
        "SELECT {COLUMNS} WHERE removed_at IS NULL AND (expires_at IS NULL OR expires_at > $1) AND id < $2
         ORDER BY id DESC LIMIT {rows}"
    ))
    .bind(now)
    .bind(before.unwrap_or(Uuid::max()))
    .all(on)
    .await
}

/// How many lines are in force.
pub(in crate::features::risk) async fn count(on: &mut impl Queryable, now: Timestamp) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM risk_lists WHERE removed_at IS NULL AND (expires_at IS NULL OR expires_at > $1)")
        .bind(now)
        .one(on)
        .await
}

pub(in crate::features::risk) fn insert(line: &Line) -> Query {
    sql(
        "INSERT INTO risk_lists (id, list, what, value, reason, added_by, added_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(line.id)
    .bind(line.list.as_str())
    .bind(line.what.as_str())
    .bind(line.value.as_str())
    .bind(line.reason.as_str())
    .bind(line.added_by)
    .bind(line.added_at)
    .bind(line.expires_at)
}

/// Takes a line out of force; false when there is none.
pub(in crate::features::risk) async fn remove(
    on: &mut impl Writable,
    id: Uuid,
    by: Uuid,
    now: Timestamp,
) -> DbResult<bool> {
    let removed =
        sql("UPDATE risk_lists SET removed_by = $2, removed_at = $3 WHERE id = $1 AND removed_at IS NULL")
            .bind(id)
            .bind(by)
            .bind(now)
            .run(on)
            .await?;
    Ok(removed == 1)
}
