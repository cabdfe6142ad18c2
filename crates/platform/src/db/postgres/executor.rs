//! One thread, one single-threaded runtime, one share of the connections.

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

/// How long a unit or a look waits for a free connection before it is refused.
const POOL_WAIT: Duration = Duration::from_secs(5);

/// Units find rows by their keys, which needs no plan of its own for every value; looks may.
const CONNECTED: &str = "SET plan_cache_mode = force_generic_plan";
const LOOK: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = auto";

/// Of so many connections of an executor, one is for units. More transactions at once than the server has processors
/// get no more done and wait for each other, so the slowest get slower; looks, of which some are long, have the others.
const CONNECTIONS_A_UNIT: usize = 3;

pub(super) struct Executor {
    units: Pool,
    looks: Pool,
    inbox: fn(&[NewEntry]) -> Query,
}

impl Executor {
    /// Starts the thread; answers the way to it, and its pools.
    pub(super) fn start(
        number: usize,
        config: &tokio_postgres::Config,
        connections: usize,
        inbox: fn(&[NewEntry]) -> Query,
    ) -> DbResult<(mpsc::UnboundedSender<Job>, Vec<Pool>)> {
        let fault = |error: std::io::Error| DbError::Fault(error.to_string());
        let for_units = connections.div_ceil(CONNECTIONS_A_UNIT);
        let units = pool(config, for_units)?;
        let (looks, pools) = match connections - for_units {
            0 => (units.clone(), vec![units.clone()]),
            others => {
                let looks = pool(config, others)?;
                (looks.clone(), vec![units.clone(), looks])
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(fault)?;
        let (sender, jobs) = mpsc::unbounded_channel();
        let run = move || {
            let executor = Rc::new(Self { units, looks, inbox });
            LocalSet::new().block_on(&runtime, executor.run(jobs));
        };
        std::thread::Builder::new()
            .name(format!("postgres-{number}"))
            .spawn(run)
            .map_err(fault)?;
        Ok((sender, pools))
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
        let connection = Connection::new(self.units.get().await?, "BEGIN");
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
        let client = match self.looks.get().await {
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

/// Connections that are opened as they are needed.
fn pool(config: &tokio_postgres::Config, most: usize) -> DbResult<Pool> {
    let manager = Manager::from_config(
        config.clone(),
        tokio_postgres::NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    Pool::builder(manager)
        .max_size(most)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(POOL_WAIT))
        .create_timeout(Some(POOL_WAIT))
        .post_create(Hook::async_fn(|client, _| {
            let asked = client.batch_execute(CONNECTED);
            Box::pin(asked.map_err(HookError::Backend))
        }))
        .build()
        .map_err(|error| DbError::Fault(error.to_string()))
}

/// A random pause, longer with each attempt, so that units that collided do not collide again.
fn pause(attempt: u32) -> Duration {
    let [chance] = random::bytes::<1>();
    Duration::from_micros(u64::from(attempt) * u64::from(chance) * 40)
}
