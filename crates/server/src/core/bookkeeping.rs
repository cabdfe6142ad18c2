//! Writes that are not business: cursors, leases, outbox rows, pruning. They need no audit record, because they are
//! derived from the log or say nothing about anybody; features' effects go through [`super::change`] instead.

use futures_util::future::LocalBoxFuture;
use stockade_platform::db::{Db, DbError, DbResult, Tx, Unit, Verdict};
use tokio::sync::oneshot;

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
