//! Result rows, read left to right.

use jiff::Timestamp;

use super::{
    error::{DbError, DbResult},
    postgres,
    value::{Cell, Column},
};

/// One result row. [`Row::read`] reads its columns from left to right, so a struct's fields stand in the order
/// of the SELECT list.
pub struct Row<'a> {
    source: Source<'a>,
    at: usize,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self {
            source: Source::Sqlite(row),
            at: 0,
        }
    }

    pub(super) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self {
            source: Source::Postgres(row),
            at: 0,
        }
    }

    /// The next column, as `T`.
    pub fn read<T: Column>(&mut self) -> DbResult<T> {
        let at = self.at;
        self.at += 1;
        let cell = match self.source {
            Source::Sqlite(row) => sqlite_cell(row, at)?,
            Source::Postgres(row) => postgres::cell(row, at)?,
        };
        T::from_cell(cell).map_err(|_| {
            DbError::Fault(format!(
                "column {at} does not hold a {}",
                std::any::type_name::<T>()
            ))
        })
    }

    /// The next column, text in the database, parsed into a type of the domain.
    pub fn parse<T: std::str::FromStr>(&mut self) -> DbResult<T> {
        let text: String = self.read()?;
        text.parse().map_err(|_| {
            DbError::Fault(format!(
                "column {} does not hold a {}",
                self.at - 1,
                std::any::type_name::<T>()
            ))
        })
    }
}

fn sqlite_cell<'a>(row: &'a rusqlite::Row<'a>, at: usize) -> DbResult<Cell<'a>> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(at)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(v) => Cell::Int(v),
        // SQLite turns an integer that overflows into REAL; that is never a value of ours.
        ValueRef::Real(_) => return Err(DbError::Fault(format!("column {at} overflowed into a float"))),
        ValueRef::Text(v) => Cell::Text(
            std::str::from_utf8(v).map_err(|_| DbError::Fault(format!("column {at} is not UTF-8")))?,
        ),
        ValueRef::Blob(v) => Cell::Bytes(v),
    })
}

/// What a result row can be read as.
pub trait FromRow: Sized {
    /// Reads one row.
    fn from_row(row: &mut Row<'_>) -> DbResult<Self>;
}

macro_rules! single {
    ($($type:ty),*) => {$(
        impl FromRow for $type {
            fn from_row(row: &mut Row<'_>) -> DbResult<Self> { row.read() }
        }
    )*};
}
single!(
    i64,
    bool,
    String,
    Vec<u8>,
    uuid::Uuid,
    Timestamp,
    serde_json::Value,
    Option<i64>,
    Option<Timestamp>
);

macro_rules! tuple {
    ($($name:ident),+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row<'_>) -> DbResult<Self> { Ok(($(row.read::<$name>()?,)+)) }
        }
    };
}
tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
tuple!(A, B, C, D, E, F);
tuple!(A, B, C, D, E, F, G);
tuple!(A, B, C, D, E, F, G, H);
