//! Whether sessions are revoked, asked for all at once who want to know. Every request of somebody signed in does: on a busy
//! server many gather while one question is on its way, and the next one asks for all of them.
//!
//! Whoever is told has asked before the question went out, so nobody learns less than they would have by asking alone.

use std::sync::{Arc, atomic::Ordering::SeqCst};

use ::redis::cmd;
use tokio::sync::{mpsc, oneshot};

use super::{super::revocations::Revocation, Redis, State};

/// Sessions in one question at most.
const TOGETHER: usize = 128;

/// Somebody wants to know of a session.
pub(super) struct Question {
    session: String,
    answer: oneshot::Sender<Revocation>,
}

impl Redis {
    pub(in crate::shared) async fn revocation(&self, id: &str) -> Revocation {
        let (answer, told) = oneshot::channel();
        let session = self.state.key("revoked", id);
        // Nobody answers once the runtime ends.
        let _ = self.questions.send(Question { session, answer });
        told.await.unwrap_or(Revocation::Unknown)
    }
}

/// Asks for those who wait, until nobody can any more.
pub(super) async fn ask(state: Arc<State>, mut questions: mpsc::UnboundedReceiver<Question>) {
    let mut waiting = Vec::with_capacity(TOGETHER);
    while questions.recv_many(&mut waiting, TOGETHER).await > 0 {
        let answers = state.revocations(&waiting).await;
        if answers.is_none() {
            // Nobody waits for two failures, and those who came meanwhile have waited for one.
            while let Ok(question) = questions.try_recv() {
                waiting.push(question);
            }
        }
        let mut answers = answers.into_iter().flatten();
        for question in waiting.drain(..) {
            let answer = answers.next().unwrap_or(Revocation::Unknown);
            let _ = question.answer.send(answer);
        }
    }
}

impl State {
    /// What is known of each; nothing, when Redis does not answer.
    async fn revocations(&self, asked: &[Question]) -> Option<Vec<Revocation>> {
        let whole = self.key("loaded", &self.link().ok()?.store);
        let mut get = cmd("MGET");
        get.arg(whole);
        for question in asked {
            get.arg(&question.session);
        }
        let found: Vec<Option<Vec<u8>>> = self.ask(&mut get).await.ok()?;
        let (whole, revoked) = found.split_first()?;
        let whole = whole.is_some() && self.lost_marks.load(SeqCst) == 0;
        let answer = |revoked: &Option<Vec<u8>>| match revoked {
            Some(_) => Revocation::Revoked,
            None if whole => Revocation::NotRevoked,
            None => Revocation::Unknown,
        };
        Some(revoked.iter().map(answer).collect())
    }
}
