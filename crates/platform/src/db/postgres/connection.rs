//! One pooled connection with one transaction. BEGIN travels with the first statement and COMMIT with the last, and
//! statements whose answers nobody needs travel with the next, so a unit costs as many round trips as it has
//! questions.
//!
//! A connection whose transaction may still be open when it is dropped in the middle of an await never returns to the
//! pool: executors run every unit to its end, and on a broken connection the pool's own check finds it closed.

use deadpool_postgres::Object;
use futures_util::{FutureExt as _, future};
use tokio_postgres::{Statement, types::ToSql};

use super::{codec, together::together};
use crate::db::{
    error::{DbError, DbResult},
    query::Query,
    row::{FromRow, Row},
    value::Value,
};

pub(in crate::db) struct Connection {
    client: Object,
    begin: &'static str,
    begun: bool,
    /// Statements whose answers nobody waits for: they travel with the next one, or with COMMIT.
    deferred: Vec<Query>,
}

/// A prepared statement with its parameters.
type Ready<'q> = (Statement, Vec<&'q (dyn ToSql + Sync)>);

impl Connection {
    pub(super) fn new(client: Object, begin: &'static str) -> Self {
        Self {
            client,
            begin,
            begun: false,
            deferred: Vec::new(),
        }
    }

    pub(in crate::db) fn defer(&mut self, query: Query) {
        self.deferred.push(query);
    }

    pub(in crate::db) async fn query<T: FromRow>(&mut self, query: &Query) -> DbResult<Vec<T>> {
        let deferred = self.take_deferred();
        let first = self.prepare_all(&deferred).await?;
        let (statement, values) = self.prepare(query).await?;
        let begun = self.begins();
        let (first, rows) =
            future::join(self.send(begun, &first), self.client.query(&statement, &values)).await;
        first?;
        rows?
            .iter()
            .map(|row| T::from_row(&mut Row::postgres(row)))
            .collect()
    }

    pub(in crate::db) async fn execute(&mut self, query: &Query) -> DbResult<u64> {
        let changed = self.batch(std::slice::from_ref(query)).await?;
        Ok(changed[0])
    }

    /// All statements in one round trip.
    pub(in crate::db) async fn batch(&mut self, queries: &[Query]) -> DbResult<Vec<u64>> {
        let deferred = self.take_deferred();
        let mut all = self.prepare_all(&deferred).await?;
        all.extend(self.prepare_all(queries).await?);
        let begun = self.begins();
        let mut changed = self.send(begun, &all).await?;
        Ok(changed.split_off(deferred.len()))
    }

    pub(in crate::db) async fn start_over(&mut self) -> DbResult<()> {
        self.deferred.clear();
        if self.begun {
            self.client.batch_execute("ROLLBACK").await?;
            self.begun = false;
        }
        Ok(())
    }

    /// Runs what was deferred, the last statement and COMMIT in one round trip. When the connection breaks meanwhile
    /// nobody can say whether the transaction committed.
    pub(super) async fn commit(mut self, last: Option<Query>) -> DbResult<()> {
        self.deferred.extend(last);
        if !self.begun && self.deferred.is_empty() {
            return Ok(());
        }
        let deferred = self.take_deferred();
        let ready = match self.prepare_all(&deferred).await {
            Ok(ready) => ready,
            Err(error) => {
                self.roll_back().await;
                return Err(error);
            }
        };
        let begun = self.begins();
        let (sent, committed) =
            future::join(self.send(begun, &ready), self.client.batch_execute("COMMIT")).await;
        // COMMIT of a failed transaction answers without an error; the failed statement is what tells.
        sent.map_err(unknown_if_lost)?;
        committed.map_err(|error| unknown_if_lost(error.into()))
    }

    /// Rolls back; a connection on which that fails is not given back to the pool.
    pub(super) async fn roll_back(self) {
        if self.begun && self.client.batch_execute("ROLLBACK").await.is_err() {
            drop(Object::take(self.client));
        }
    }

    /// Ends a snapshot without waiting for the answer: the connection's next user queues behind it.
    pub(super) fn finish_reading(self) {
        if self.begun {
            let _ = self.client.batch_execute("COMMIT").now_or_never();
        }
    }

    fn take_deferred(&mut self) -> Vec<Query> {
        together(std::mem::take(&mut self.deferred))
    }

    /// Notes that BEGIN is about to be sent; answers whether it went before. From here on the transaction counts as
    /// open, whatever becomes of the statements that travel with BEGIN.
    fn begins(&mut self) -> bool {
        std::mem::replace(&mut self.begun, true)
    }

    /// Sends BEGIN, unless it went before, and the statements, without waiting in between.
    async fn send(&self, begun: bool, ready: &[Ready<'_>]) -> DbResult<Vec<u64>> {
        let begin = async {
            if begun {
                Ok(())
            } else {
                self.client.batch_execute(self.begin).await
            }
        };
        let statements = ready
            .iter()
            .map(|(statement, values)| self.client.execute(statement, values));
        let (begun, changed) = future::join(begin, future::join_all(statements)).await;
        begun?;
        // The first error is the cause; those behind it only say that the transaction has failed.
        changed
            .into_iter()
            .map(|one| one.map_err(DbError::from))
            .collect()
    }

    async fn prepare_all<'q>(&self, queries: &'q [Query]) -> DbResult<Vec<Ready<'q>>> {
        let mut ready = Vec::with_capacity(queries.len());
        for query in queries {
            ready.push(self.prepare(query).await?);
        }
        Ok(ready)
    }

    async fn prepare<'q>(&self, query: &'q Query) -> DbResult<Ready<'q>> {
        let statement = match query.for_update {
            true => {
                self.client
                    .prepare_cached(&format!("{} FOR UPDATE", query.text))
                    .await?
            }
            false => self.client.prepare_cached(&query.text).await?,
        };
        if statement.params().len() != query.values.len() {
            return Err(DbError::Fault(format!(
                "{} values bound to: {}",
                query.values.len(),
                query.text
            )));
        }
        // A value that cannot be sent would be skipped, and COMMIT behind it would still go out.
        for (value, ty) in query.values.iter().zip(statement.params()) {
            codec::check(value, ty)?;
        }
        Ok((statement, parameters(&query.values)))
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn unknown_if_lost(error: DbError) -> DbError {
    match error {
        DbError::Unavailable(text) => DbError::OutcomeUnknown(text),
        other => other,
    }
}
