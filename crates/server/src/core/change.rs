//! The unit of work: a transaction, who acts, the time, and exactly one ending.
//!
//! Invariants, by types: an effect needs a [`Change`], a [`Change`] exists only inside a unit given to
//! [`Core::change`], and a unit ends in [`Change::commit`] or [`Change::refuse`], each with its audit event. The
//! effect and its record are one transaction. A unit that returns a refusal with `?` is refused with the event
//! `request.refused`; one that fails leaves nothing.

use std::sync::Arc;

use auditlog::Kind;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use jiff::Timestamp;
use stockade_platform::{
    clock::Clock,
    db::{Db, DbError, DbResult, Location, Query, Queryable, Reader, Session, Tx, Unit, Verdict, Writable},
    random,
    vault::Vault,
};
use tokio::sync::{Notify, oneshot, watch};
use uuid::Uuid;

use super::{
    actor::Actor,
    audit::{self, payload},
    bookkeeping::bookkeep,
    event::{AuditEvent, EventOutcome},
    happened::Happened,
    keys::DataKeys,
    once::{self, Claim},
};
use crate::http::error::{ApiError, ApiResult, Problem};

/// What a unit of work stands on. One exists; the application holds it.
pub struct Core {
    /// The open database.
    pub db: Db,
    /// Where the present comes from.
    pub clock: Clock,
    /// The keys payloads are sealed with.
    pub keys: DataKeys,
    /// Runs what follows a commit, such as telling other instances.
    pub runtime: tokio::runtime::Handle,
    /// How often what has happened on this instance.
    pub happened: Happened,
    /// Woken by each commit of this instance, for whoever numbers the log.
    pub committed: Notify,
    /// How many entries the log has, as this instance last saw it, for whoever follows it.
    pub grown: watch::Sender<i64>,
}

impl Core {
    /// Opens the database, whose schema is up to date, and makes the platform's own keys when there are none.
    pub async fn open(location: &Location, clock: Clock, vault: Vault) -> DbResult<Arc<Self>> {
        Self::open_with(location, clock, async |_| Ok(vault)).await
    }

    /// The same with a vault for which the database must first be asked.
    pub async fn open_with(
        location: &Location,
        clock: Clock,
        vault: impl AsyncFnOnce(&Db) -> DbResult<Vault>,
    ) -> DbResult<Arc<Self>> {
        let db = Db::open(location, audit::recording(clock.clone()))?;
        let vault = vault(&db).await?;
        let core = Arc::new(Self {
            db,
            clock,
            keys: DataKeys::new(vault),
            runtime: tokio::runtime::Handle::current(),
            happened: Happened::default(),
            committed: Notify::new(),
            grown: watch::Sender::default(),
        });
        let this = Arc::clone(&core);
        bookkeep(&core.db, async move |tx: &mut Tx| {
            this.keys.create_platform_keys(tx).await
        })
        .await?;
        Ok(core)
    }

    /// Reads for `actor` from one consistent snapshot. A refusal that brings an event of its own is put on record.
    pub async fn read_as<T, F>(self: &Arc<Self>, actor: impl Into<Actor>, look: F) -> ApiResult<T>
    where
        F: AsyncFnOnce(&mut Reader) -> ApiResult<T> + Send + 'static,
        T: Send + 'static,
    {
        match self.db.read(look).await {
            Err(ApiError::Refused(problem)) if problem.event.is_some() => {
                let refuse = async move |_: &mut Change<'_>| Err(ApiError::Refused(problem.clone()));
                self.change(actor, refuse).await
            }
            read => read,
        }
    }

    /// Runs one unit of work for `actor` and answers with its value once it is durable. The unit runs to its end
    /// even when the caller goes away.
    pub async fn change<T, F>(self: &Arc<Self>, actor: impl Into<Actor>, unit: F) -> ApiResult<T>
    where
        F: AsyncFn(&mut Change<'_>) -> ApiResult<Outcome<T>> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.db.write(Box::new(ChangeUnit {
            core: Arc::clone(self),
            actor: actor.into(),
            body: unit,
            value: None,
            recorded: Vec::new(),
            after: Vec::new(),
            answer,
        }));
        answered
            .await
            .unwrap_or_else(|_| Err(DbError::Unavailable("the unit was dropped".into()).into()))
    }
}

/// A unit of work under way.
pub struct Change<'tx> {
    tx: &'tx mut Tx,
    actor: &'tx Actor,
    now: Timestamp,
    claim: Option<Claim>,
    also: Vec<AuditEvent>,
    on_refusal: Vec<Query>,
    after: Vec<BoxFuture<'static, ()>>,
}

/// How a unit ended. Only [`Change::commit`] and [`Change::refuse`] make one.
#[must_use]
pub struct Outcome<T>(Ending<T>);

enum Ending<T> {
    Commit(AuditEvent, T),
    Refuse(AuditEvent, Problem),
}

impl Change<'_> {
    /// The instant this unit happens at.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        self.actor
    }

    /// A new time-ordered id.
    pub fn new_id(&self) -> Uuid {
        random::uuid_v7(self.now)
    }

    /// What the request's idempotency key stands for: a resource still to be made, under the id given here, or the
    /// one that an earlier request made. Without a key it is always a new one.
    pub fn claim(&self) -> Claim {
        self.claim.unwrap_or_else(|| Claim::New(self.new_id()))
    }

    /// Runs statements that do not depend on each other's answers: one round trip. Answers the rows each changed.
    pub async fn batch(&mut self, queries: Vec<Query>) -> DbResult<Vec<u64>> {
        self.tx.batch(queries).await
    }

    /// Records one more event with the commit, before the one it ends in.
    pub fn also(&mut self, event: AuditEvent) {
        self.also.push(event);
    }

    /// A statement that is to survive even when the unit is refused, such as a failure counter.
    pub fn on_refusal(&mut self, query: Query) {
        self.on_refusal.push(query);
    }

    /// Runs once the unit has committed, before it is answered: for telling caches and other instances.
    pub fn after_commit(&mut self, notice: impl Future<Output = ()> + Send + 'static) {
        self.after.push(Box::pin(notice));
    }

    /// Ends the unit: its effects and this event are committed together.
    pub fn commit<T>(&mut self, event: AuditEvent, value: T) -> ApiResult<Outcome<T>> {
        Ok(Outcome(Ending::Commit(event, value)))
    }

    /// Ends the unit: its effects are undone, and the refusal and what must survive it are committed.
    pub fn refuse<T>(&mut self, event: AuditEvent, problem: impl Into<Problem>) -> ApiResult<Outcome<T>> {
        Ok(Outcome(Ending::Refuse(event, problem.into())))
    }
}

impl Queryable for Change<'_> {
    fn session(&mut self) -> &mut Session {
        self.tx.session()
    }
}
impl Writable for Change<'_> {}

struct ChangeUnit<F, T> {
    core: Arc<Core>,
    actor: Actor,
    body: F,
    /// What to answer once the transaction has ended.
    value: Option<ApiResult<T>>,
    /// What is on record once it is durable.
    recorded: Vec<(Kind, EventOutcome)>,
    after: Vec<BoxFuture<'static, ()>>,
    answer: oneshot::Sender<ApiResult<T>>,
}

impl<F, T> Unit for ChangeUnit<F, T>
where
    F: AsyncFn(&mut Change<'_>) -> ApiResult<Outcome<T>> + Send,
    T: Send + 'static,
{
    fn attempt<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        self.value = None;
        self.recorded.clear();
        self.after.clear();
        Box::pin(async move { self.run(tx).await.unwrap_or_else(Verdict::Failed) })
    }

    fn settle(self: Box<Self>, fate: DbResult<()>) {
        let Self {
            core,
            value,
            recorded,
            after,
            answer,
            ..
        } = *self;
        let value = match fate {
            Ok(()) => value.unwrap_or_else(|| Err(DbError::Panicked.into())),
            Err(error) => return drop(answer.send(Err(error.into()))),
        };
        core.happened.count(&recorded);
        core.committed.notify_one();
        if after.is_empty() || value.is_err() {
            return drop(answer.send(value));
        }
        core.runtime.spawn(async move {
            for notice in after {
                notice.await;
            }
            answer.send(value)
        });
    }
}

impl<F, T> ChangeUnit<F, T>
where
    F: AsyncFn(&mut Change<'_>) -> ApiResult<Outcome<T>>,
{
    async fn run(&mut self, tx: &mut Tx) -> DbResult<Verdict> {
        let mut change = Change {
            tx,
            actor: &self.actor,
            now: self.core.clock.now(),
            claim: None,
            also: Vec::new(),
            on_refusal: Vec::new(),
            after: Vec::new(),
        };
        let ended = match once::consume(&mut change).await {
            Ok(claim) => {
                change.claim = claim;
                (self.body)(&mut change).await
            }
            Err(refused) => Err(refused),
        };
        match ended {
            Ok(Outcome(Ending::Commit(event, value))) => {
                let mut events = std::mem::take(&mut change.also);
                events.push(event);
                self.after = std::mem::take(&mut change.after);
                self.recorded.extend(events.iter().map(AuditEvent::label));
                let entries =
                    payload::record(&self.core.keys, change.tx, &self.actor, change.now, events).await?;
                self.value = Some(Ok(value));
                Ok(Verdict::Commit(entries))
            }
            Ok(Outcome(Ending::Refuse(event, problem))) => {
                self.recorded.push(event.label());
                let entries = keep_refusal(&self.core, change, event).await?;
                self.value = Some(Err(problem.into()));
                Ok(Verdict::Commit(entries))
            }
            Err(ApiError::Refused(mut problem)) => {
                let event = problem.event.take().map(|event| *event);
                let event = event.unwrap_or_else(|| AuditEvent::refused("request.refused").with(&*problem));
                self.recorded.push(event.label());
                let entries = keep_refusal(&self.core, change, event).await?;
                self.value = Some(Err(ApiError::Refused(problem)));
                Ok(Verdict::Commit(entries))
            }
            Err(ApiError::Database(error)) => Ok(Verdict::Failed(error)),
            Err(fault) => {
                self.value = Some(Err(fault));
                Ok(Verdict::RollBack)
            }
        }
    }
}

/// Undoes the unit's effects, then writes what must survive: the nonce, what the unit asked for, and the record.
async fn keep_refusal(
    core: &Core,
    change: Change<'_>,
    event: AuditEvent,
) -> DbResult<Vec<auditlog::NewEntry>> {
    let Change {
        tx,
        actor,
        now,
        on_refusal,
        ..
    } = change;
    tx.start_over().await?;
    let nonce = actor.proof.as_ref().map(|proof| proof.nonce.clone());
    for query in nonce.into_iter().chain(on_refusal) {
        query.later(tx)?;
    }
    payload::record(&core.keys, tx, actor, now, vec![event]).await
}
