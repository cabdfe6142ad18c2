//! What a statement runs on: a transaction that writes ([`Tx`]) or a snapshot that only reads ([`Reader`]).

use super::{
    error::{DbError, DbResult},
    postgres,
    query::Query,
    row::FromRow,
    sqlite,
};

/// The connection behind a [`Tx`] or [`Reader`]. Opaque outside this module.
pub struct Session {
    pub(super) side: Side,
    /// Set by the first error. PostgreSQL refuses every later statement by itself; SQLite would go on, so the seam
    /// refuses for both.
    failed: bool,
}

pub(super) enum Side {
    Sqlite(sqlite::Connection),
    Postgres(Box<postgres::Connection>),
}

impl Session {
    pub(super) fn new(side: Side) -> Self {
        Self { side, failed: false }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn forget_failure(&mut self) {
        self.failed = false;
    }

    pub(super) async fn query<T: FromRow>(&mut self, query: Query) -> DbResult<Vec<T>> {
        self.check()?;
        let answer = match &mut self.side {
            Side::Sqlite(connection) => connection.query(&query),
            Side::Postgres(connection) => connection.query(&query).await,
        };
        self.note(answer)
    }

    pub(super) async fn execute(&mut self, query: Query) -> DbResult<u64> {
        self.check()?;
        let answer = match &mut self.side {
            Side::Sqlite(connection) => connection.execute(&query),
            Side::Postgres(connection) => connection.execute(&query).await,
        };
        self.note(answer)
    }

    pub(super) fn defer(&mut self, query: Query) -> DbResult<()> {
        self.check()?;
        let answer = match &mut self.side {
            Side::Sqlite(connection) => connection.execute(&query).map(drop),
            Side::Postgres(connection) => {
                connection.defer(query);
                Ok(())
            }
        };
        self.note(answer)
    }

    async fn batch(&mut self, queries: Vec<Query>) -> DbResult<Vec<u64>> {
        self.check()?;
        let answer = match &mut self.side {
            Side::Sqlite(connection) => queries.iter().map(|query| connection.execute(query)).collect(),
            Side::Postgres(connection) => connection.batch(&queries).await,
        };
        self.note(answer)
    }

    fn check(&self) -> DbResult<()> {
        if self.failed {
            Err(DbError::Aborted)
        } else {
            Ok(())
        }
    }

    fn note<T>(&mut self, answer: DbResult<T>) -> DbResult<T> {
        self.failed |= answer.is_err();
        answer
    }
}

/// Anything a SELECT can run on.
pub trait Queryable {
    /// The session to run on.
    fn session(&mut self) -> &mut Session;
}

/// Anything a change can run on.
pub trait Writable: Queryable {}

/// One write transaction. Only the seam begins and ends it.
pub struct Tx {
    pub(super) session: Session,
}

impl Tx {
    /// Runs statements that do not depend on each other's answers: one round trip on PostgreSQL. Answers how many
    /// rows each changed.
    pub async fn batch(&mut self, queries: impl Into<Vec<Query>>) -> DbResult<Vec<u64>> {
        self.session.batch(queries.into()).await
    }

    /// Undoes everything since the unit began, so that what must survive a refusal can still be written.
    pub async fn start_over(&mut self) -> DbResult<()> {
        match &mut self.session.side {
            Side::Sqlite(connection) => connection.start_over()?,
            Side::Postgres(connection) => connection.start_over().await?,
        }
        self.session.forget_failure();
        Ok(())
    }
}

impl Queryable for Tx {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}
impl Writable for Tx {}

/// One consistent view of the database for reading: everything read through it is of the same moment.
pub struct Reader {
    pub(super) session: Session,
}

impl Queryable for Reader {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}
