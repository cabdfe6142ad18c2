//! Writes that are not business: cursors, leases, outbox rows, pruning. They need no audit record, because they are
//! derived from the log or say nothing about anybody; features' effects go through [`super::change`] instead.

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use stockade_platform::db::{Db, DbError, DbResult, Tx, Unit, Verdict};
use tokio::sync::oneshot;

use super::{actor::Actor, audit::payload, change::Core, event::AuditEvent};

/// Runs `body` in a transaction of its own, behind the units of people's requests.
pub async fn bookkeep<T, F>(db: &Db, body: F) -> DbResult<T>
where
    F: AsyncFn(&mut Tx) -> DbResult<T> + Send + 'static,
    T: Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    db.write_bulk(Box::new(Bookkeeping {
        body,
        value: None,
        answer,
    }));
    answered
        .await
        .unwrap_or_else(|_| Err(DbError::Unavailable("the unit was dropped".into())))
}

/// The same for what is worth recording: the events that `body` answers go on record with it.
pub async fn bookkeep_on_record<T, F>(core: &Arc<Core>, actor: Actor, body: F) -> DbResult<T>
where
    F: AsyncFn(&mut Tx) -> DbResult<(T, Vec<AuditEvent>)> + Send + 'static,
    T: Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    core.db.write_bulk(Box::new(OnRecord {
        core: Arc::clone(core),
        actor,
        body,
        value: None,
        answer,
    }));
    let answer = answered.await;
    answer.unwrap_or_else(|_| Err(DbError::Unavailable("the unit was dropped".into())))
}

struct Bookkeeping<F, T> {
    body: F,
    value: Option<T>,
    answer: oneshot::Sender<DbResult<T>>,
}

impl<F, T> Unit for Bookkeeping<F, T>
where
    F: AsyncFn(&mut Tx) -> DbResult<T> + Send,
    T: Send,
{
    fn attempt<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        self.value = None;
        Box::pin(async move {
            match (self.body)(tx).await {
                Ok(value) => {
                    self.value = Some(value);
                    Verdict::CommitUnrecorded
                }
                Err(error) => Verdict::Failed(error),
            }
        })
    }

    fn settle(self: Box<Self>, fate: DbResult<()>) {
        let Self { value, answer, .. } = *self;
        let _ = answer.send(fate.and_then(|()| value.ok_or(DbError::Panicked)));
    }
}

struct OnRecord<F, T> {
    core: Arc<Core>,
    actor: Actor,
    body: F,
    value: Option<T>,
    answer: oneshot::Sender<DbResult<T>>,
}

impl<F, T> OnRecord<F, T>
where
    F: AsyncFn(&mut Tx) -> DbResult<(T, Vec<AuditEvent>)>,
{
    async fn run(&mut self, tx: &mut Tx) -> DbResult<Verdict> {
        let (value, events) = (self.body)(tx).await?;
        self.value = Some(value);
        if events.is_empty() {
            return Ok(Verdict::CommitUnrecorded);
        }
        let now = self.core.clock.now();
        let entries = payload::record(&self.core.keys, tx, &self.actor, now, events).await?;
        Ok(Verdict::Commit(entries))
    }
}

impl<F, T> Unit for OnRecord<F, T>
where
    F: AsyncFn(&mut Tx) -> DbResult<(T, Vec<AuditEvent>)> + Send,
    T: Send,
{
    fn attempt<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        self.value = None;
        Box::pin(async move { self.run(tx).await.unwrap_or_else(Verdict::Failed) })
    }

    fn settle(self: Box<Self>, fate: DbResult<()>) {
        let Self {
            core, value, answer, ..
        } = *self;
        core.committed.notify_one();
        let _ = answer.send(fate.and_then(|()| value.ok_or(DbError::Panicked)));
    }
}
