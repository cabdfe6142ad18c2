//! `risk_lessons`: what was learnt from, without whose it was, for what is usual among everybody.

use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, sql};
use uuid::Uuid;

/// One sign-in or transaction that was learnt from. Its values are keyed hashes.
#[derive(Clone, Debug)]
pub(in crate::features::risk) struct Lesson {
    pub(in crate::features::risk) id: Uuid,
    /// Of a sign-in a word a level, `-` for what was not known; of a transaction its category.
    pub(in crate::features::risk) tags: String,
    /// Whether it is a sign-in.
    pub(in crate::features::risk) is_sign_in: bool,
    /// Whether it is its person's first.
    pub(in crate::features::risk) is_first: bool,
    pub(in crate::features::risk) cents: Option<i64>,
}

impl FromRow for Lesson {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            tags: row.read()?,
            is_sign_in: row.read()?,
            is_first: row.read()?,
            cents: row.read()?,
        })
    }
}

pub(in crate::features::risk) fn insert(lesson: &Lesson) -> Query {
    sql("INSERT INTO risk_lessons (id, tags, is_sign_in, is_first, cents) VALUES ($1, $2, $3, $4, $5)")
        .bind(lesson.id)
        .bind(lesson.tags.as_str())
        .bind(lesson.is_sign_in)
        .bind(lesson.is_first)
        .bind(lesson.cents)
}

/// Lessons between two ids, in their order.
pub(in crate::features::risk) async fn between(
    on: &mut impl Queryable,
    after: Uuid,
    until: Uuid,
    rows: i64,
) -> DbResult<Vec<Lesson>> {
    sql(format!(
        "SELECT id, tags, is_sign_in, is_first, cents FROM risk_lessons
         WHERE id > $1 AND id < $2 ORDER BY id LIMIT {rows}"
    ))
    .bind(after)
    .bind(until)
    .all(on)
    .await
}

/// The newest lesson that is one too many.
pub(in crate::features::risk) async fn oldest_beyond(
    on: &mut impl Queryable,
    kept: i64,
) -> DbResult<Option<Uuid>> {
    sql(format!(
        "SELECT id FROM risk_lessons ORDER BY id DESC LIMIT 1 OFFSET {kept}"
    ))
    .optional(on)
    .await
}

/// Removes some lessons up to one.
pub(in crate::features::risk) fn prune(until: Uuid, rows: i64) -> Query {
    sql(format!(
        "DELETE FROM risk_lessons WHERE id IN
         (SELECT id FROM risk_lessons WHERE id <= $1 ORDER BY id LIMIT {rows})"
    ))
    .bind(until)
}
