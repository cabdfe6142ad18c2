//! PostgreSQL's sequencer: one instance at a time, by lease, moves entries from the inbox into the numbered log.
//!
//! Entries commit out of order, so it takes whatever is still in the inbox, never "ids greater than the last". Each
//! batch is one transaction; the head moves only from what was seen, and only for the newest epoch.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use stockade_platform::{
    clock::Clock,
    db::{Db, DbResult, Tx},
};
use uuid::Uuid;

use super::{append::LogEnd, store};
use crate::core::{bookkeeping::bookkeep, leases};

/// The lease's name.
const LEASE: &str = "sequencer";

/// Entries numbered in one transaction at most.
const BATCH: i64 = 1024;

/// Numbers what units of work left in the inbox.
#[derive(Clone)]
pub struct Sequencer {
    holder: Uuid,
    clock: Clock,
    log: Arc<Mutex<LogEnd>>,
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
        let Some(epoch) = leases::hold(tx, LEASE, self.holder, now).await? else {
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

    fn log(&self) -> std::sync::MutexGuard<'_, LogEnd> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
