//! The end of the log as it grows, for whoever waits for what comes next. One task a process looks for new entries, only
//! while somebody listens, and says which numbers came and whom they concern; listeners read for themselves.
//!
//! It reads the log itself, so what any instance numbers reaches the listeners of every instance.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use stockade_platform::db::{DbResult, Reader};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::store;
use crate::core::change::Core;

/// Stretches that wait for a slow listener; one that missed some is told so and reads the log instead.
const WAITING: usize = 64;
/// Entries of one stretch.
const MOST: i64 = 1_000;

/// Entries that were numbered: from the first to before the second, and the people they concern.
#[derive(Debug)]
pub struct Stretch {
    /// The first number.
    pub from: u64,
    /// One past the last.
    pub to: u64,
    subjects: HashSet<Uuid>,
}

impl Stretch {
    /// Whether any of them is about this person.
    pub fn concerns(&self, person: Uuid) -> bool {
        self.subjects.contains(&person)
    }
}

/// Who listens. One exists; the application holds it.
pub struct Tail {
    news: broadcast::Sender<Arc<Stretch>>,
    runs: AtomicBool,
}

impl Default for Tail {
    fn default() -> Self {
        Self {
            news: broadcast::Sender::new(WAITING),
            runs: AtomicBool::new(false),
        }
    }
}

impl Tail {
    /// Listens from now on. Whoever then asks for the [`size`] of the log misses nothing between the two.
    pub fn listen(self: &Arc<Self>, core: &Arc<Core>, poll: Duration) -> broadcast::Receiver<Arc<Stretch>> {
        let news = self.news.subscribe();
        if !self.runs.swap(true, Ordering::SeqCst) {
            let (this, looked_at) = (Arc::clone(self), Arc::clone(core));
            core.runtime
                .spawn(async move { this.look(&looked_at, poll).await });
        }
        news
    }

    async fn look(&self, core: &Arc<Core>, poll: Duration) {
        let mut next = None;
        loop {
            if self.news.receiver_count() == 0 {
                self.runs.store(false, Ordering::SeqCst);
                // Somebody may have come in between; of two who notice, one goes on.
                if self.news.receiver_count() == 0 || self.runs.swap(true, Ordering::SeqCst) {
                    return;
                }
            }
            match self.step(core, next).await {
                Ok(at) => next = Some(at),
                Err(error) => tracing::warn!(%error, "the end of the log cannot be read; tried again"),
            }
            tokio::time::sleep(poll).await;
        }
    }

    /// Tells what is new; the first time only where the log ends, for those who looked a moment before.
    async fn step(&self, core: &Arc<Core>, next: Option<u64>) -> DbResult<u64> {
        let Some(from) = next else {
            let at = size(core).await?;
            self.tell(at, at, HashSet::new());
            return Ok(at);
        };
        let rows = core
            .db
            .read(async move |reader: &mut Reader| store::subjects_from(reader, from as i64, MOST).await)
            .await?;
        let Some((last, _)) = rows.last() else {
            return Ok(from);
        };
        let to = *last as u64 + 1;
        self.tell(
            from,
            to,
            rows.iter().filter_map(|(_, subject)| *subject).collect(),
        );
        Ok(to)
    }

    fn tell(&self, from: u64, to: u64, subjects: HashSet<Uuid>) {
        // Nobody may be listening any more.
        let _ = self.news.send(Arc::new(Stretch { from, to, subjects }));
    }
}

/// How many entries the log has: the number that the next one gets.
pub async fn size(core: &Core) -> DbResult<u64> {
    let head = core
        .db
        .read(async move |reader: &mut Reader| store::head(reader).await)
        .await?;
    Ok(head.size as u64)
}
