//! Which commits the disk has.
//!
//! With `synchronous = FULL`, SQLite syncs its write-ahead log within COMMIT, and the writing thread stands still
//! meanwhile. Here COMMIT only writes the log (`synchronous = NORMAL`, where a power cut may take the last commits back but
//! never breaks the file), a thread of its own syncs it, once for all that has been committed by then, and the writer is
//! at the next group already. What is promised stays the same:
//!
//! - No unit is answered before a sync has returned that began after its COMMIT.
//! - No read is answered before the disk has all commits of this process that it may have seen, so nobody is shown what a
//!   power cut takes back. What a process that was killed left in the log is synced when the database is opened.
//! - When the disk refuses a sync, nobody can say what it has, and a later sync that succeeds proves nothing (Rebello et
//!   al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020): all are refused until the program is started anew.

use std::{
    io, iter,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::{JoinHandle, ThreadId},
};

use tokio::sync::watch;

use crate::db::{DbError, DbResult, unit::Unit};

/// Up to where the disk has what was committed. Commits are numbered from 1 in the order they are made.
pub(super) struct Horizon {
    begun: AtomicU64,
    /// The last commit that the disk has; `None` once that is unknown.
    reached: watch::Sender<Option<u64>>,
    /// The thread that answers.
    answers: OnceLock<ThreadId>,
}

/// A unit that has run, and what it is to be told.
pub(super) type Ran = (Box<dyn Unit>, DbResult<()>);

/// A group whose COMMIT is over.
pub(super) struct Committed {
    pub(super) number: u64,
    pub(super) ran: Vec<Ran>,
}

impl Committed {
    /// Tells the units that nobody knows whether they will be there after a power cut.
    pub(super) fn settle_unknown(self) {
        for (unit, _) in self.ran {
            unit.settle(Err(DbError::OutcomeUnknown(REFUSED.into())));
        }
    }
}

const REFUSED: &str = "the disk refused to keep what was written; see to it, then start the program anew";

impl Horizon {
    pub(super) fn new() -> Self {
        Self {
            begun: AtomicU64::new(0),
            reached: watch::Sender::new(Some(0)),
            answers: OnceLock::new(),
        }
    }

    /// Whether the caller is the thread that answers, for which the writer waits in the end.
    pub(super) fn answers_here(&self) -> bool {
        self.answers.get() == Some(&std::thread::current().id())
    }

    /// Numbers a COMMIT that is about to be made: from now on a reader may see it.
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The last commit that whoever has just read may have seen.
    pub(super) fn seen(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// False once nobody can say what the disk has.
    pub(super) fn is_known(&self) -> bool {
        self.reached.borrow().is_some()
    }

    /// Waits until the disk has the commit and all before it.
    pub(super) async fn reach(&self, number: u64) -> DbResult<()> {
        let mut reached = self.reached.subscribe();
        let there = reached
            .wait_for(|reached| reached.is_none_or(|reached| reached >= number))
            .await;
        there
            .ok()
            .and_then(|reached| *reached)
            .map(drop)
            .ok_or_else(refused)
    }
}

/// When a thread that others wait for ends in a panic, nobody is left waiting.
pub(super) struct Guard(pub(super) Arc<Horizon>);

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.reached.send_replace(None);
        }
    }
}

/// What units and reads are told once nobody can say what the disk has.
pub(super) fn refused() -> DbError {
    DbError::Unavailable(REFUSED.into())
}

/// Groups that may wait for the disk before the writer does.
const LINE: usize = 4;

/// Starts the thread that has the disk keep what was committed and then answers. It ends when the sender is dropped and
/// all are answered. `sync` returns when the disk has what was written before it was called.
pub(super) fn start(
    horizon: Arc<Horizon>,
    mut sync: impl FnMut() -> io::Result<()> + Send + 'static,
) -> DbResult<(mpsc::SyncSender<Committed>, JoinHandle<()>)> {
    let (sender, committed) = mpsc::sync_channel::<Committed>(LINE);
    let thread = std::thread::Builder::new()
        .name("sqlite-sync".into())
        .spawn(move || {
            let _ = horizon.answers.set(std::thread::current().id());
            let _guard = Guard(Arc::clone(&horizon));
            while let Ok(first) = committed.recv() {
                let groups: Vec<_> = iter::once(first).chain(committed.try_iter()).collect();
                if let Err(error) = sync() {
                    tracing::error!(%error, "{REFUSED}");
                    horizon.reached.send_replace(None);
                    // What the writer is at ends up here, too; then it notices.
                    groups
                        .into_iter()
                        .chain(committed.iter())
                        .for_each(Committed::settle_unknown);
                    return;
                }
                horizon
                    .reached
                    .send_replace(groups.last().map(|last| last.number));
                for (unit, fate) in groups.into_iter().flat_map(|group| group.ran) {
                    unit.settle(fate);
                }
            }
        })
        .map_err(|error| DbError::Unavailable(error.to_string()))?;
    Ok((sender, thread))
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::LocalBoxFuture};

    use super::*;
    use crate::db::{session::Tx, unit::Verdict};

    /// A unit that tells its number and its fate.
    struct Told(u64, mpsc::Sender<(u64, DbResult<()>)>);

    impl Unit for Told {
        fn attempt<'a>(&'a mut self, _: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
            unreachable!("it has run")
        }

        fn settle(self: Box<Self>, fate: DbResult<()>) {
            self.1.send((self.0, fate)).expect("the test listens");
        }
    }

    /// The thread, with a disk that says when it is asked and waits to be told what to answer.
    struct Bench {
        horizon: Arc<Horizon>,
        commits: mpsc::SyncSender<Committed>,
        asked: mpsc::Receiver<()>,
        answer: mpsc::Sender<io::Result<()>>,
        tell: mpsc::Sender<(u64, DbResult<()>)>,
        told: mpsc::Receiver<(u64, DbResult<()>)>,
    }

    impl Bench {
        fn new() -> Self {
            let horizon = Arc::new(Horizon::new());
            let ((ask, asked), (answer, answers)) = (mpsc::channel(), mpsc::channel());
            let disk = move || {
                ask.send(()).expect("the test listens");
                answers.recv().expect("the test answers")
            };
            let (commits, _) = start(Arc::clone(&horizon), disk).expect("a thread");
            let (tell, told) = mpsc::channel();
            Self {
                horizon,
                commits,
                asked,
                answer,
                tell,
                told,
            }
        }

        fn commit(&self) -> Result<(), mpsc::SendError<Committed>> {
            let number = self.horizon.begin();
            let unit: Box<dyn Unit> = Box::new(Told(number, self.tell.clone()));
            let ran = vec![(unit, Ok(()))];
            self.commits.send(Committed { number, ran })
        }
    }

    #[test]
    fn nobody_is_answered_before_the_disk_has_the_commit() {
        let bench = Bench::new();
        let _ = bench.commit();
        bench.asked.recv().expect("the disk is asked");
        let mut read = bench.horizon.reach(bench.horizon.seen()).boxed();
        assert!(bench.told.try_recv().is_err());
        assert!(
            (&mut read).now_or_never().is_none(),
            "what it saw is not safe yet"
        );

        bench.answer.send(Ok(())).expect("the disk listens");
        assert!(matches!(bench.told.recv(), Ok((1, Ok(())))));
        assert!(matches!(read.now_or_never(), Some(Ok(()))));
    }

    #[test]
    fn commits_made_during_a_sync_wait_for_the_next_which_is_one() {
        let bench = Bench::new();
        let _ = bench.commit();
        bench.asked.recv().expect("the disk is asked");
        let _ = bench.commit();
        let _ = bench.commit();
        bench.answer.send(Ok(())).expect("the disk listens");
        assert!(matches!(bench.told.recv(), Ok((1, Ok(())))));

        bench.asked.recv().expect("the disk is asked again");
        assert!(bench.told.try_recv().is_err());
        assert!(bench.horizon.reach(2).now_or_never().is_none());
        bench.answer.send(Ok(())).expect("the disk listens");
        let numbers = [2, 3].map(|_| bench.told.recv().expect("told").0);
        assert_eq!(numbers, [2, 3]);
        assert!(bench.asked.try_recv().is_err());
    }

    #[test]
    fn a_panic_leaves_nobody_waiting() {
        let bench = Bench::new();
        let _ = bench.commit();
        bench.asked.recv().expect("the disk is asked");
        drop(bench.answer);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let read = runtime.expect("a runtime").block_on(bench.horizon.reach(1));
        assert!(matches!(read, Err(DbError::Unavailable(_))), "{read:?}");
    }

    #[test]
    fn after_a_refused_sync_nothing_is_promised_any_more() {
        let bench = Bench::new();
        let _ = bench.commit();
        bench.asked.recv().expect("the disk is asked");
        let full = io::Error::from(io::ErrorKind::StorageFull);
        bench.answer.send(Err(full)).expect("the disk listens");

        // The one that was being committed meanwhile is told, too.
        let _ = bench.commit();
        for _ in 0..2 {
            let fate = bench.told.recv().expect("told").1;
            assert!(matches!(fate, Err(DbError::OutcomeUnknown(_))), "{fate:?}");
        }
        assert!(!bench.horizon.is_known());
        let read = bench.horizon.reach(0).now_or_never();
        assert!(matches!(read, Some(Err(DbError::Unavailable(_)))), "{read:?}");
    }
}
