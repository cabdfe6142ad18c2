//! What people found out about past events, held against a policy: how much confirmed fraud it stops, and how much that was
//! honest. Only what somebody has looked into counts, so these figures compare policies; they are no rates of everything.

use serde::Serialize;
use stockade_domain::risk::Action;
use utoipa::ToSchema;

use crate::features::labels::Verdict;

/// Events of one kind that somebody has looked into, under the policies of the time and under a candidate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct FoundOut {
    /// `sign_in` or `transaction`.
    #[schema(example = "transaction")]
    pub kind: String,
    /// Found to be fraud.
    pub fraud: u64,
    /// Found to have only looked like it.
    pub legitimate: u64,
    /// What the policies of the time stopped.
    pub then: Stopped,
    /// What the candidate would have stopped.
    pub candidate: Stopped,
}

/// Of the events that were looked into, those that did not simply go on: a second factor, a word by mail, review or a
/// refusal stood before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Stopped {
    /// Confirmed fraud: the more the better.
    pub fraud: u64,
    /// False positives: the fewer the better.
    pub legitimate: u64,
}

impl FoundOut {
    /// No event yet.
    pub(super) fn of(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }

    /// Counts an event with what followed then, and what would have followed.
    pub(super) fn count(&mut self, verdict: Verdict, was: &str, would_be: &str) {
        let (then, candidate) = (u64::from(stops(was)), u64::from(stops(would_be)));
        match verdict {
            Verdict::Fraud => {
                self.fraud += 1;
                self.then.fraud += then;
                self.candidate.fraud += candidate;
            }
            Verdict::Legitimate => {
                self.legitimate += 1;
                self.then.legitimate += then;
                self.candidate.legitimate += candidate;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.fraud += other.fraud;
        self.legitimate += other.legitimate;
        for (sum, more) in [
            (&mut self.then, other.then),
            (&mut self.candidate, other.candidate),
        ] {
            sum.fraud += more.fraud;
            sum.legitimate += more.legitimate;
        }
    }
}

/// Whether an action is stricter than showing something as risky.
fn stops(action: &str) -> bool {
    Action::strictness(action) > Action::strictness(Action::Flag.as_str())
}
