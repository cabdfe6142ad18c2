//! A transaction's assessment before its unit begins, so that whoever writes for everybody need not wait while it is worked
//! out and sealed.
//!
//! It stands on what this instance last stored and read of the person, and counts only if the database, inside the unit,
//! still says the very same. Only what would simply pass is foreseen; all else is worked out in the unit.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::risk::Action;

use super::{
    assessed::Assessed,
    opened::SessionScore,
    store::{Standing, State},
    transaction::{TransactionEvidence, event},
};
use crate::{app::App, core::actor::SignedIn};

/// How old it may be: speed is among the signals.
const AGE: SignedDuration = SignedDuration::from_secs(1);

/// What was foreseen, if anything; used once, by the first attempt of the unit.
#[derive(Default)]
pub struct Foreseen(Mutex<Option<Seen>>);

struct Seen {
    session: SessionScore,
    state: State,
    evidence: TransactionEvidence,
    at: Timestamp,
    assessed: Assessed,
}

/// Foresees what [`super::assess_transaction`] will say.
pub fn foresee(app: &App, user: &SignedIn, evidence: TransactionEvidence) -> Foreseen {
    Foreseen(Mutex::new(see(app, user, evidence)))
}

fn see(app: &App, user: &SignedIn, evidence: TransactionEvidence) -> Option<Seen> {
    let key = app.core.keys.remembered(user.id.as_uuid())?;
    let stored = app.risk.opened.take(user.id)?;
    let session = stored.session.filter(|(id, _)| *id == user.session.as_uuid())?;
    let (standing, now) = (app.risk.remembered.last(), app.clock.now());
    let event = event(app, &standing, evidence.clone(), session.1, now);
    let mut assessed = Assessed::new(app, &standing, (user.id, key), stored.profile, event, now);
    let passes = assessed.action() < Action::Flag && !assessed.decision().step_up;
    passes.then(|| {
        assessed.prepare(stored.sealed);
        assessed.session = Some(session);
        Seen {
            session,
            state: standing.state().clone(),
            evidence,
            at: now,
            assessed,
        }
    })
}

impl Foreseen {
    /// What was foreseen, if it stands on the very same.
    pub(super) fn take(
        &self,
        found: &Standing,
        session: Option<SessionScore>,
        evidence: &TransactionEvidence,
        now: Timestamp,
    ) -> Option<Assessed> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let holds = seen.assessed.stands_on() == Some(found.profile.as_slice())
            && session == Some(seen.session)
            && found.state == seen.state
            && *evidence == seen.evidence
            && now.duration_since(seen.at).abs() <= AGE;
        holds.then_some(seen.assessed)
    }
}
