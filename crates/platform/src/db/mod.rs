//! The database seam: SQLite or PostgreSQL behind one concrete API, SQL written once.
//!
//! Writes are [`Unit`]s of work, which the seam runs, commits and retries; reads are closures over one consistent
//! snapshot. Nobody above this module begins, commits or rolls back anything.

pub mod copies;
mod domain;
mod error;
pub mod migrate;
mod postgres;
mod query;
mod row;
mod session;
mod sqlite;
mod unit;
mod value;

use std::{path::PathBuf, sync::Arc};

pub use error::{DbError, DbResult};
pub use query::{Query, insert_many, sql};
pub use row::{FromRow, Row};
pub use session::{Queryable, Reader, Session, Tx, Writable};
pub use unit::{GroupEnd, Recording, Unit, Verdict};
pub use value::{Bind, Cell, Column, Mismatch, Value};

/// How often a unit runs at most when it meets a serialisation failure.
const ATTEMPTS: u32 = 10;

/// Where the data is, and how many connections serve it.
#[derive(Clone, Debug)]
pub enum Location {
    /// A database file, created when missing.
    Sqlite {
        /// The file; `-wal` and `-shm` files appear beside it.
        path: PathBuf,
        /// Reading threads, each with a connection.
        readers: usize,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host:port/database`
        url: String,
        /// Connections at most, over all executors.
        connections: usize,
        /// Threads that run units of work.
        executors: usize,
    },
}

/// How the connections of a pool are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// That serve somebody.
    pub in_use: usize,
    /// That are open and serve nobody.
    pub idle: usize,
    /// Who waits for one.
    pub waited_for: usize,
    /// At most.
    pub most: usize,
}

/// A handle on the open database. Cheap to clone; dropping the last one ends its threads once their queues are empty.
#[derive(Clone)]
pub struct Db {
    side: Arc<Driver>,
}

enum Driver {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database, whose schema is already there (see [`migrate`]).
    pub fn open(location: &Location, recording: Recording) -> DbResult<Self> {
        let driver = match location {
            Location::Sqlite { path, readers } => {
                Driver::Sqlite(sqlite::Sqlite::open(path, *readers, recording)?)
            }
            Location::Postgres {
                url,
                connections,
                executors,
            } => Driver::Postgres(postgres::Postgres::open(
                url,
                *connections,
                *executors,
                &recording,
            )?),
        };
        Ok(Self {
            side: Arc::new(driver),
        })
    }

    /// Whether entries are numbered by the writer (SQLite) or by a sequencer that follows it (PostgreSQL).
    pub fn numbers_at_group_end(&self) -> bool {
        matches!(*self.side, Driver::Sqlite(_))
    }

    /// Hands a unit to the writer. The unit is answered through [`Unit::settle`], whatever becomes of the caller.
    pub fn write(&self, unit: Box<dyn Unit>) {
        match &*self.side {
            Driver::Sqlite(sqlite) => sqlite.write(unit, false),
            Driver::Postgres(postgres) => postgres.write(unit),
        }
    }

    /// Hands over a unit that is part of bulk work (at most 200 rows): others go first.
    pub fn write_bulk(&self, unit: Box<dyn Unit>) {
        match &*self.side {
            Driver::Sqlite(sqlite) => sqlite.write(unit, true),
            Driver::Postgres(postgres) => postgres.write(unit),
        }
    }

    /// Reads from one consistent snapshot. The closure runs on a database thread and awaits only its reader.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Reader) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.side {
            Driver::Sqlite(sqlite) => sqlite.read(look).await,
            Driver::Postgres(postgres) => postgres.read(look).await,
        }
        .unwrap_or_else(|| Err(DbError::Unavailable("the read was not carried out".into()).into()))
    }

    /// How the connections to PostgreSQL are used; `None` on SQLite.
    pub fn connections(&self) -> Option<Connections> {
        match &*self.side {
            Driver::Sqlite(_) => None,
            Driver::Postgres(postgres) => Some(postgres.connections()),
        }
    }

    /// Units waiting for the writer; always 0 on PostgreSQL, where the pool queues.
    pub fn waiting(&self) -> usize {
        match &*self.side {
            Driver::Sqlite(sqlite) => sqlite.waiting(),
            Driver::Postgres(_) => 0,
        }
    }
}
