//! Where passwords are judged: threads of the blocking pool, few at once behind bounded lines, so that judging holds up
//! neither sign-ins, which have the hashing threads to themselves, nor other requests.
//!
//! Anybody may ask what a password would be worth; who chooses one for an account asks from behind stricter limits. Each
//! has a line of its own, so the first kind never keeps the second waiting. A place belongs to the job, not to the
//! request: a client that hangs up frees nothing before its job is done.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};
use zeroize::Zeroizing;

use super::guesses::{self, Guesses};
use crate::{
    http::error::{ApiError, ApiResult, Problem},
    security::admission::outside,
};

/// Jobs in a line, the one under way included. The worst take a tenth of a second each.
const LINE: usize = 16;

/// The two lines. One exists; [`super::Auth`] holds it.
pub(super) struct Judging {
    asked: Line,
    chosen: Line,
}

/// One job at a time, and those that wait for it.
struct Line {
    room: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Judging {
    pub(super) fn new() -> Self {
        Self {
            asked: Line::new(),
            chosen: Line::new(),
        }
    }

    /// How many guesses a normalised password takes that somebody merely asks about.
    ///
    /// # Errors
    /// 503 `service.busy` when the line is full.
    pub(super) async fn of_asked(&self, password: String, words: Vec<String>) -> ApiResult<Guesses> {
        self.asked.judge(password, words).await
    }

    /// The same of a password that is chosen for an account.
    ///
    /// # Errors
    /// 503 `service.busy` when the line is full.
    pub(super) async fn of_chosen(&self, password: String, words: Vec<String>) -> ApiResult<Guesses> {
        self.chosen.judge(password, words).await
    }
}

impl Line {
    fn new() -> Self {
        Self {
            room: Arc::new(Semaphore::new(LINE)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    async fn judge(&self, password: String, words: Vec<String>) -> ApiResult<Guesses> {
        let password = Zeroizing::new(password);
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            let detail = "many passwords are being judged; try again in a moment";
            return Err(Problem::unavailable("service.busy", detail, 2).into());
        };
        let turn = Arc::clone(&self.turn);
        let judged = async move {
            // Nobody closes the line.
            let turn = turn.acquire_owned().await.ok()?;
            #[expect(
                clippy::disallowed_methods,
                reason = "no hash and no SQL, and one at a time in each line"
            )]
            let job = spawn_blocking(move || {
                let guesses = guesses::estimate(&password, &words);
                drop((turn, room));
                guesses
            });
            job.await.ok()
        };
        let judged = outside(judged).await;
        judged.ok_or_else(|| ApiError::Fault("a password could not be judged".into()))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn a_full_line_turns_people_away_and_leaves_the_other_alone() {
        let judging = Judging::new();
        let held = Arc::clone(&judging.asked.turn).acquire_owned().await.unwrap();
        let ask = || Box::pin(judging.of_asked("a password".into(), Vec::new()));
        let mut waiting: Vec<_> = (0..LINE).map(|_| ask()).collect();
        for one in &mut waiting {
            assert!(poll!(one).is_pending());
        }
        let refused = ask().await.unwrap_err();
        assert!(matches!(refused, ApiError::Refused(problem) if problem.code == "service.busy"));
        let chosen = judging.of_chosen("a quiet harbour at dusk".into(), Vec::new());
        assert!(chosen.await.is_ok());
        // Who hung up while waiting takes no room.
        waiting.pop();
        let mut again = ask();
        assert!(poll!(&mut again).is_pending());
        let first = waiting.swap_remove(0);
        // A turn that is given to somebody who is not asked again is not passed on.
        drop(waiting);
        drop(held);
        assert!(first.await.is_ok() && again.await.is_ok());
    }
}
