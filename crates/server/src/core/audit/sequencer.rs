//! PostgreSQL's sequencer: one instance at a time, by lease, moves entries from the inbox into the numbered log.
//!
//! Entries commit out of order, so it takes whatever is still in the inbox, never "ids greater than the last". Each
//! batch is one transaction; the head moves only from what was seen, and only for the newest epoch.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    clock::Clock,
    db::{Db, DbResult, Tx},
};
use uuid::Uuid;

use super::{append::LogEnd, store};
use crate::core::{bookkeeping::bookkeep, leases};

/// The lease's name.
const LEASE: &str = "sequencer";

/// A lease is renewed when this much of its life is over. Until then the epoch alone keeps two from numbering: whoever takes
/// the lease over takes a higher one, with which the head cannot be moved from under them.
const RENEW_AFTER: SignedDuration = SignedDuration::from_secs(3);

/// Entries numbered in one transaction at most.
const BATCH: i64 = 1024;

/// Numbers what units of work left in the inbox.
#[derive(Clone)]
pub struct Sequencer {
    holder: Uuid,
    clock: Clock,
    log: Arc<Mutex<LogEnd>>,
    held: Arc<Mutex<Option<Held>>>,
}

/// The lease, as it was last renewed.
#[derive(Clone, Copy)]
struct Held {
    epoch: i64,
    since: Timestamp,
}

/// What one turn did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another instance holds the lease.
    NotMine,
    /// So many entries were numbered; more may wait when it is a full batch.
    Numbered(usize),
}

impl Turn {
    /// Whether more is likely to wait.
    pub fn is_full(self) -> bool {
        self == Self::Numbered(BATCH as usize)
    }
}

impl Sequencer {
    /// A sequencer for the instance called `holder`.
    pub fn new(holder: Uuid, clock: Clock) -> Self {
        let log = LogEnd::new(clock.clone());
        Self {
            holder,
            clock,
            log: Arc::new(Mutex::new(log)),
            held: Arc::default(),
        }
    }

    /// Takes one batch, if this instance holds or gets the lease. One turn at a time.
    pub async fn turn(&self, db: &Db) -> DbResult<Turn> {
        let this = self.clone();
        let turn = bookkeep(db, async move |tx: &mut Tx| {
            let now = this.clock.now();
            this.number_batch(tx, now).await
        })
        .await;
        let (turn, end) = match turn {
            Ok(done) => done,
            Err(error) => {
                self.log().forget();
                *lock(&self.held) = None;
                return Err(error);
            }
        };
        match end {
            Some(end) => self.log().keep(end),
            None if turn == Turn::NotMine => self.log().forget(),
            None => {}
        }
        Ok(turn)
    }

    /// Lets another instance take over at once.
    pub async fn release(&self, db: &Db) -> DbResult<()> {
        let this = self.clone();
        *lock(&self.held) = None;
        bookkeep(db, async move |tx: &mut Tx| {
            leases::release(tx, LEASE, this.holder, this.clock.now()).await
        })
        .await
    }

    async fn number_batch(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> DbResult<(Turn, Option<auditlog::Appender>)> {
        let Some(epoch) = self.hold(tx, now).await? else {
            return Ok((Turn::NotMine, None));
        };
        let batch = store::take_from_inbox(tx, BATCH).await?;
        let count = batch.len();
        if count == 0 {
            return Ok((Turn::Numbered(0), None));
        }
        let log = self.log().clone();
        match log.append(tx, epoch, batch).await? {
            Some(end) => Ok((Turn::Numbered(count), Some(end))),
            // Fenced out: fail, so that what was taken from the inbox goes back.
            None => Err(stockade_platform::db::DbError::Serialization(
                "a newer sequencer moved the head".into(),
            )),
        }
    }

    /// The lease's epoch, while this instance holds it. Should the transaction that renews it fail, nobody is the worse for
    /// believing that it was: the head tells a stale epoch, and [`Self::turn`] then asks anew.
    async fn hold(&self, tx: &mut Tx, now: Timestamp) -> DbResult<Option<i64>> {
        let held = *lock(&self.held);
        if let Some(held) = held
            && now.duration_since(held.since).abs() < RENEW_AFTER
        {
            return Ok(Some(held.epoch));
        }
        let epoch = leases::hold(tx, LEASE, self.holder, now).await?;
        *lock(&self.held) = epoch.map(|epoch| Held { epoch, since: now });
        Ok(epoch)
    }

    fn log(&self) -> MutexGuard<'_, LogEnd> {
        lock(&self.log)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
