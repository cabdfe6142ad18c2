//! Where passwords are hashed: threads of their own behind a bounded queue, so that a rush of sign-ins neither holds
//! up other requests nor piles up in memory.
//!
//! A thread belongs to the job, not to the request: a client that hangs up frees nothing before its job is done, so
//! hanging up cannot buy more hashing than there are threads.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::password_hash::{self, Workspace};
use crate::{
    config::{HashWork, Passwords},
    http::error::{ApiError, ApiResult, Problem},
    security::admission::outside,
};

/// The threads and the queue in front of them. Dropping it ends them.
pub(crate) struct Hashing {
    queue: SyncSender<Job>,
    load: Arc<Load>,
    work: HashWork,
}

/// Jobs in the queue, and jobs under way.
#[derive(Default)]
struct Load {
    waiting: AtomicUsize,
    at_work: AtomicUsize,
}

/// How a password compared.
#[derive(Clone)]
pub(super) struct Compared {
    /// Whether it is the right one.
    pub(super) matches: bool,
    /// Whether it is, and its hash is not as one would be made now.
    pub(super) outdated: bool,
}

enum Job {
    Make(Zeroizing<String>, oneshot::Sender<Option<String>>),
    Compare(Zeroizing<String>, Arc<str>, oneshot::Sender<Compared>),
}

impl Hashing {
    /// Starts the threads.
    pub(super) fn start(settings: &Passwords) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(settings.queue);
        let jobs = Arc::new(Mutex::new(jobs));
        let made = settings.work();
        let load = Arc::new(Load::default());
        for number in 0..settings.threads() {
            let (jobs, load) = (Arc::clone(&jobs), Arc::clone(&load));
            thread::Builder::new()
                .name(format!("hashing-{number}"))
                .spawn(move || serve(&jobs, &load, made))?;
        }
        Ok(Self {
            queue,
            load,
            work: made,
        })
    }

    /// The hash of a normalised password.
    ///
    /// # Errors
    /// 503 `service.busy` when the queue is full.
    pub(super) async fn make(&self, password: String) -> ApiResult<String> {
        let (answer, answered) = oneshot::channel();
        self.submit(Job::Make(Zeroizing::new(password), answer))?;
        let made = outside(answered).await.ok().flatten();
        made.ok_or_else(|| ApiError::Fault("a password could not be hashed".into()))
    }

    /// Compares a normalised password with a stored hash: the work of one hash, whatever comes of it.
    ///
    /// # Errors
    /// 503 `service.busy` when the queue is full.
    pub(super) async fn compare(&self, password: String, stored: &str) -> ApiResult<Compared> {
        let (answer, answered) = oneshot::channel();
        self.submit(Job::Compare(Zeroizing::new(password), stored.into(), answer))?;
        outside(answered)
            .await
            .map_err(|_| ApiError::Fault("a hashing thread is gone".into()))
    }

    /// What stands for the password of somebody who has none. No password matches it, and finding that out takes as
    /// long as with any other, so that nobody learns who has none.
    pub(super) fn none(&self) -> String {
        password_hash::dummy(self.work)
    }

    /// How many jobs wait, and how many are under way.
    pub(super) fn load(&self) -> (usize, usize) {
        (self.load.waiting.load(Relaxed), self.load.at_work.load(Relaxed))
    }

    fn submit(&self, job: Job) -> ApiResult<()> {
        // Before it is there, so that no thread takes off what was not yet added.
        self.load.waiting.fetch_add(1, Relaxed);
        let sent = self.queue.try_send(job);
        if sent.is_err() {
            self.load.waiting.fetch_sub(1, Relaxed);
        }
        sent.map_err(|error| match error {
            TrySendError::Full(_) => Problem::unavailable(
                "service.busy",
                "many people are signing in; try again in a moment",
                2,
            )
            .into(),
            TrySendError::Disconnected(_) => ApiError::Fault("the hashing threads are gone".into()),
        })
    }
}

fn serve(jobs: &Mutex<Receiver<Job>>, load: &Load, work: HashWork) {
    let mut workspace = Workspace::keeping(work);
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        load.waiting.fetch_sub(usize::from(job.is_ok()), Relaxed);
        load.at_work.fetch_add(1, Relaxed);
        // Nobody reads the answer of a job whose client has gone while it waited; it is not even begun.
        match job {
            Ok(Job::Make(password, answer)) if !answer.is_closed() => {
                let _ = answer.send(password_hash::make(work, &password, &mut workspace));
            }
            Ok(Job::Compare(password, stored, answer)) if !answer.is_closed() => {
                let _ = answer.send(compare(work, &password, &stored, &mut workspace));
            }
            Ok(_) => {}
            Err(_) => return,
        }
        load.at_work.fetch_sub(1, Relaxed);
    }
}

fn compare(work: HashWork, password: &str, stored: &str, workspace: &mut Workspace) -> Compared {
    let matches = password_hash::matches(stored, password, workspace);
    Compared {
        matches,
        outdated: matches && password_hash::is_outdated(work, stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HashKind;

    fn settings(threads: usize, queue: usize) -> Passwords {
        Passwords {
            least_with_second_factor: 8,
            least_alone: 15,
            most: 128,
            hash: HashKind::Argon2id,
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            bcrypt_cost: 12,
            hash_threads: threads,
            queue,
            reset_link: std::time::Duration::from_secs(1_800),
            breached_url: None,
        }
    }

    #[tokio::test]
    async fn passwords_are_made_and_compared() {
        let hashing = Hashing::start(&settings(1, 8)).unwrap();
        let stored = hashing.make("a long password".into()).await.unwrap();
        let right = hashing.compare("a long password".into(), &stored).await.unwrap();
        assert!(right.matches && !right.outdated);
        let wrong = hashing.compare("another password".into(), &stored).await.unwrap();
        assert!(!wrong.matches);
        let nobody = hashing.compare("a long password".into(), &hashing.none()).await;
        assert!(!nobody.unwrap().matches);
    }

    #[tokio::test]
    async fn a_right_password_with_an_old_hash_says_so_and_costs_no_more() {
        let hashing = Hashing::start(&settings(1, 8)).unwrap();
        let old = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        assert!(hashing.compare("U*U".into(), old).await.unwrap().outdated);
        assert!(!hashing.compare("U*V".into(), old).await.unwrap().outdated);
        let new = hashing.make("U*U".into()).await.unwrap();
        assert!(new.starts_with("$argon2id$"));
        assert!(!hashing.compare("U*U".into(), &new).await.unwrap().outdated);
    }

    #[tokio::test]
    async fn a_full_queue_turns_people_away() {
        // No thread takes anything from this queue.
        let (queue, jobs) = sync_channel(1);
        let hashing = Hashing {
            queue,
            load: Arc::default(),
            work: settings(1, 1).work(),
        };
        let waiting = Box::pin(hashing.make("first".into()));
        let mut waiting = waiting;
        assert!(futures_util::poll!(&mut waiting).is_pending());
        let refused = hashing.make("second".into()).await.unwrap_err();
        assert!(matches!(refused, ApiError::Refused(problem) if problem.code == "service.busy"));
        drop(jobs);
    }
}
