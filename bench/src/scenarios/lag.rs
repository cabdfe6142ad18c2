//! How long new entries of the audit log wait for their number on PostgreSQL: the age of the oldest that waits, looked
//! at again and again. An entry's id holds the time at which its unit of work began, so the figure errs upwards.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{task::JoinHandle, time::interval};
use uuid::Uuid;

use crate::{failure::Done, load::Histogram, now, stage::Stage, target::Reader};

const INTERVAL: Duration = Duration::from_millis(50);
const OLDEST: &str = "SELECT entry_id::text FROM audit_inbox ORDER BY entry_id LIMIT 1";

/// Looks until it is told to finish. Without PostgreSQL it has nothing to look at.
pub(super) struct Probe(Option<JoinHandle<()>>, Arc<Mutex<Histogram>>);

impl Probe {
    pub(super) async fn start(stage: &Stage) -> Done<Self> {
        let seen = Arc::new(Mutex::new(Histogram::new()));
        let Some(database) = &stage.database else {
            return Ok(Self(None, seen));
        };
        let reader = database.reader().await?;
        let task = tokio::spawn(look(reader, Arc::clone(&seen)));
        Ok(Self(Some(task), seen))
    }

    /// The 99th percentile of the ages seen.
    pub(super) async fn finish(self) -> Option<Duration> {
        let Self(task, seen) = self;
        let task = task?;
        task.abort();
        // It was told to end in the middle of its work.
        let _ = task.await;
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.total() > 0).then(|| seen.quantile(990))
    }
}

async fn look(reader: Reader, seen: Arc<Mutex<Histogram>>) {
    let mut turns = interval(INTERVAL);
    loop {
        turns.tick().await;
        let Ok(oldest) = reader.text(OLDEST).await else {
            return;
        };
        let age = oldest.and_then(|id| age(&id)).unwrap_or_default();
        seen.lock().unwrap_or_else(PoisonError::into_inner).add(age);
    }
}

/// Time since a UUIDv7 was made.
fn age(id: &str) -> Option<Duration> {
    let (seconds, nanos) = id.parse::<Uuid>().ok()?.get_timestamp()?.to_unix();
    let made = Duration::new(seconds, nanos);
    let now = Duration::from_micros(u64::try_from(now::wall().as_microsecond()).ok()?);
    Some(now.saturating_sub(made))
}
