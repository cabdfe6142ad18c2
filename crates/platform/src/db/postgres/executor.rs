//! One thread, one single-threaded runtime, one share of the connection pool.

use std::{panic::AssertUnwindSafe, rc::Rc, time::Duration};

use auditlog::NewEntry;
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::{FutureExt as _, TryFutureExt as _};
use tokio::{sync::mpsc, task::LocalSet};

use super::{Connection, Job, Look};
use crate::{
    db::{
        ATTEMPTS, DbError, DbResult, Query,
        session::{Reader, Session, Side, Tx},
        unit::{Unit, Verdict},
    },
    random,
};

/// How long a unit waits for a free connection before it is refused.
const POOL_WAIT: Duration = Duration::from_secs(5);

/// Units find rows by their keys, which needs no plan of its own for every value; looks may.
const CONNECTED: &str = "SET plan_cache_mode = force_generic_plan";
const LOOK: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = auto";

pub(super) struct Executor {
    pool: Pool,
    inbox: fn(&[NewEntry]) -> Query,
}

impl Executor {
    pub(super) fn start(
        number: usize,
        config: tokio_postgres::Config,
        connections: usize,
        inbox: fn(&[NewEntry]) -> Query,
    ) -> DbResult<(mpsc::UnboundedSender<Job>, Pool)> {
        let fault = |error: &dyn std::fmt::Display| DbError::Fault(error.to_string());
        let manager = Manager::from_config(
            config,
            tokio_postgres::NoTls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(POOL_WAIT))
            .create_timeout(Some(POOL_WAIT))
            .post_create(Hook::async_fn(|client, _| {
                let asked = client.batch_execute(CONNECTED);
                Box::pin(asked.map_err(HookError::Backend))
            }))
            .build()
            .map_err(|error| fault(&error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| fault(&error))?;
        let (sender, jobs) = mpsc::unbounded_channel();
        let watched = pool.clone();
        std::thread::Builder::new()
            .name(format!("postgres-{number}"))
            .spawn(move || LocalSet::new().block_on(&runtime, Rc::new(Self { pool, inbox }).run(jobs)))
            .map_err(|error| fault(&error))?;
        Ok((sender, watched))
    }

    /// Takes jobs until every handle is gone, then waits for those under way.
    async fn run(self: Rc<Self>, mut jobs: mpsc::UnboundedReceiver<Job>) {
        let mut running = tokio::task::JoinSet::new();
        loop {
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(Job::Write(unit)) => { running.spawn_local(Rc::clone(&self).write(unit)); }
                    Some(Job::Read(look)) => { running.spawn_local(Rc::clone(&self).read(look)); }
                    None => break,
                },
                Some(_) = running.join_next() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn write(self: Rc<Self>, mut unit: Box<dyn Unit>) {
        let mut fate = self.attempt(&mut *unit).await;
        for attempt in 1..ATTEMPTS {
            if !matches!(fate, Err(DbError::Serialization(_))) {
                break;
            }
            tokio::time::sleep(pause(attempt)).await;
            fate = self.attempt(&mut *unit).await;
        }
        unit.settle(fate);
    }

    async fn attempt(&self, unit: &mut dyn Unit) -> DbResult<()> {
        let connection = Connection::new(self.pool.get().await?, "BEGIN");
        let mut tx = Tx {
            session: Session::new(Side::Postgres(Box::new(connection))),
        };
        let verdict = AssertUnwindSafe(unit.attempt(&mut tx)).catch_unwind().await;
        let failed = tx.session.has_failed();
        let Side::Postgres(connection) = tx.session.side else {
            unreachable!("made above")
        };
        let (undone, fate) = match verdict {
            Ok(Verdict::Commit(_) | Verdict::CommitUnrecorded) if failed => {
                (connection.roll_back(), Err(DbError::Aborted))
            }
            Ok(Verdict::Commit(entries)) => return connection.commit(Some((self.inbox)(&entries))).await,
            Ok(Verdict::CommitUnrecorded) => return connection.commit(None).await,
            Ok(Verdict::RollBack) => (connection.roll_back(), Ok(())),
            Ok(Verdict::Failed(error)) => (connection.roll_back(), Err(error)),
            Err(_) => (connection.roll_back(), Err(DbError::Panicked)),
        };
        undone.await;
        fate
    }

    async fn read(self: Rc<Self>, look: Look) {
        let client = match self.pool.get().await {
            Ok(client) => client,
            Err(error) => return tracing::warn!(%error, "no connection to read with"),
        };
        let connection = Connection::new(client, LOOK);
        let mut reader = Reader {
            session: Session::new(Side::Postgres(Box::new(connection))),
        };
        // A look that panics drops its answer, which its caller notices.
        if AssertUnwindSafe(look(&mut reader)).catch_unwind().await.is_err() {
            tracing::error!("a read panicked");
        }
        let Side::Postgres(connection) = reader.session.side else {
            unreachable!("made above")
        };
        connection.finish_reading();
    }
}

/// A random pause, longer with each attempt, so that units that collided do not collide again.
fn pause(attempt: u32) -> Duration {
    let [chance] = random::bytes::<1>();
    Duration::from_micros(u64::from(attempt) * u64::from(chance) * 40)
}
