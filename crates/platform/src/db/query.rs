//! A statement with its parameters: `sql("SELECT … WHERE id = $1").bind(id).optional(tx)`.
//!
//! SQL is written once, in the subset both databases read. Parameters are `$1`, `$2`, …, each bound in order.

use std::borrow::Cow;

use super::{
    error::{DbError, DbResult},
    row::FromRow,
    session::{Queryable, Writable},
    value::{Bind, Value},
};

/// Starts a statement.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Query {
    Query {
        text: text.into(),
        values: Vec::with_capacity(8),
        for_update: false,
        any_place: false,
    }
}

/// A statement and what is bound to it. It owns everything, so it can be kept and run again.
#[derive(Clone, Debug)]
pub struct Query {
    pub(super) text: Cow<'static, str>,
    pub(super) values: Vec<Value>,
    pub(super) for_update: bool,
    pub(super) any_place: bool,
}

impl Query {
    /// Binds the next parameter.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Locks the rows read until the transaction ends. SQLite has one writer and needs no lock.
    pub fn for_update(mut self) -> Self {
        self.for_update = true;
        self
    }

    /// Says that the unit already holds what keeps others from the rows that this upsert changes, so that it may lock them
    /// before or after other rows without two units ever waiting for each other.
    pub fn in_any_place(mut self) -> Self {
        self.any_place = true;
        self
    }

    /// The one row, or [`DbError::NoRow`].
    pub async fn one<T: FromRow>(self, on: &mut impl Queryable) -> DbResult<T> {
        self.optional(on).await?.ok_or(DbError::NoRow)
    }

    /// The first row, if there is one.
    pub async fn optional<T: FromRow>(self, on: &mut impl Queryable) -> DbResult<Option<T>> {
        Ok(self.all(on).await?.into_iter().next())
    }

    /// All rows.
    pub async fn all<T: FromRow>(self, on: &mut impl Queryable) -> DbResult<Vec<T>> {
        on.session().query(self).await
    }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    pub async fn run(self, on: &mut impl Writable) -> DbResult<u64> {
        on.session().execute(self).await
    }

    /// Runs a statement whose answer nobody needs. On PostgreSQL it travels with the next statement or with COMMIT,
    /// so it costs no round trip, and its error surfaces there. Order is kept, but that an insert which locks no row that is
    /// there, or may do so [`Query::in_any_place`], may come after statements that do not name its table.
    pub fn later(self, on: &mut impl Writable) -> DbResult<()> {
        on.session().defer(self)
    }
}

/// `INSERT INTO … VALUES` with many rows in one statement. `head` ends in `VALUES`; each row binds `columns`
/// values. PostgreSQL takes 65,535 parameters and SQLite 32,766, so callers pass at most 1,024 rows.
pub fn insert_many(head: &str, columns: usize, rows: impl IntoIterator<Item = Vec<Value>>) -> Query {
    let mut values = Vec::new();
    let mut text = String::from(head);
    for (count, row) in rows.into_iter().enumerate() {
        debug_assert_eq!(row.len(), columns, "each row binds every column");
        text.push_str(if count == 0 { " (" } else { ", (" });
        for column in 0..columns {
            use std::fmt::Write as _;
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}${}", count * columns + column + 1);
        }
        text.push(')');
        values.extend(row);
    }
    Query { values, ..sql(text) }
}
