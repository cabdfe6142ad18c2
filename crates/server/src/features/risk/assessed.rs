//! Something that was assessed and has not yet ended: its decision, and what is stored of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use stockade_domain::{
    ids::UserId,
    risk::{Action, Decision, Event, Policy, Profile, Value as Fact, assess, learn, would_pass},
};
use stockade_platform::{
    db::{DbResult, Query, Writable},
    random,
    vault::DataKey,
};
use uuid::Uuid;

use super::{
    events,
    opened::{Opened, SessionScore, Stored},
    sealed,
    standing::Standing,
    store,
    view::RiskView,
};
use crate::{app::App, http::error::ApiResult};

/// A sign-in or a transaction with its score. Nothing is stored before it is said how it ended.
pub struct Assessed {
    id: Uuid,
    pub(super) user: UserId,
    pub(super) key: Arc<DataKey>,
    pub(super) profile: Profile,
    pub(super) event: Event,
    decision: Decision,
    would_pass: Vec<String>,
    /// What a policy that is tried beside the live one says.
    shadow: Option<Decision>,
    /// What everybody is told of, once this is learnt from.
    lesson: Query,
    /// The same of what was learnt from meanwhile.
    pub(super) lessons: Vec<Query>,
    opened: Arc<Opened>,
    /// The session that it belongs to, once that is known.
    pub(super) session: Option<SessionScore>,
    /// Facts and evidence, where they were sealed beforehand.
    sealed: Option<(Vec<u8>, Vec<u8>)>,
    /// Present where the profile has learnt from it beforehand, as if it had taken effect.
    learnt: Option<Learnt>,
    now: Timestamp,
}

/// What a profile was sealed to before it learnt, and what it is sealed to now.
struct Learnt {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Assessed {
    pub(super) fn new(
        app: &App,
        standing: &Standing,
        (user, key): (UserId, Arc<DataKey>),
        profile: Profile,
        event: Event,
        now: Timestamp,
    ) -> Self {
        let policy: &Policy = &standing.live;
        let decision = assess(policy, &profile, &event);
        // Nothing need be looked for where nothing stands in the way.
        let steps = match decision.action > Action::Flag {
            true => would_pass(policy, &profile, &event),
            false => Vec::new(),
        };
        let shadow = standing.shadow.as_ref();
        let is_first = profile.sign_ins.counts.sign_ins == 0;
        let lesson = app.risk.crowds.lesson(&event, is_first, now);
        Self {
            shadow: shadow.map(|policy| assess(policy, &profile, &event)),
            id: random::uuid_v7(now),
            user,
            key,
            decision,
            would_pass: steps.iter().map(ToString::to_string).collect(),
            profile,
            event,
            lesson,
            lessons: Vec::new(),
            opened: Arc::clone(&app.risk.opened),
            session: None,
            sealed: None,
            learnt: None,
            now,
        }
    }

    /// What follows from the score.
    pub fn action(&self) -> Action {
        self.decision.action
    }

    /// The whole decision.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Whose it is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The id under which the decision is stored.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What would have let it pass, in words; empty when it passed, or when nothing known here would.
    pub fn would_pass(&self) -> &[String] {
        &self.would_pass
    }

    /// Whether the device is not known to be the person's. Not known is not harmless: it counts as unknown.
    pub fn is_unknown_device(&self) -> bool {
        let is = |name, value| *self.decision.facts.get(name) == Fact::Bool(value);
        !is("device_known", true) || is("device_impossible", true)
    }

    /// What the person may know of it.
    pub fn view(&self) -> RiskView {
        RiskView::of(&self.decision)
    }

    /// What the log says of it.
    pub fn details(&self) -> Value {
        events::details(self.id, &self.decision)
    }

    /// Works out what is stored should it take effect, for a transaction whose unit has not begun. `before` is what the
    /// profile is sealed to.
    pub(super) fn prepare(&mut self, before: Vec<u8>) {
        self.sealed = Some(self.seal());
        self.tried();
        self.learn();
        let after = sealed::seal_profile(&self.key, self.user, &self.profile);
        self.learnt = Some(Learnt { before, after });
    }

    /// What the profile was sealed to when this was worked out beforehand.
    pub(super) fn stands_on(&self) -> Option<&[u8]> {
        self.learnt.as_ref().map(|learnt| learnt.before.as_slice())
    }

    /// Facts and evidence.
    fn seal(&self) -> (Vec<u8>, Vec<u8>) {
        let evidence = sealed::Evidence {
            event: &self.event,
            decision: &self.decision,
            would_pass: &self.would_pass,
        };
        (
            sealed::facts(&self.key, self.id, &self.decision.facts),
            evidence.seal(&self.key, self.id),
        )
    }

    /// The statements that store the decision: `fate` says how it ended, `subject` on what.
    pub(super) fn stored(&mut self, fate: &'static str, subject: Option<Uuid>) -> Vec<Query> {
        let (sealed_facts, sealed) = self.sealed.take().unwrap_or_else(|| self.seal());
        let shadow = self.shadow.as_ref();
        let shadow = shadow.map(|said| store::shadow::insert(self.id, self.user, &self.decision, said));
        let decision = store::insert(store::NewDecision {
            id: self.id,
            user: self.user,
            subject,
            fate,
            decision: &self.decision,
            sealed_facts,
            sealed,
            now: self.now,
        });
        std::iter::once(decision).chain(shadow).collect()
    }

    /// Stores the decision with the unit, which commits.
    pub(super) fn store(
        &mut self,
        on: &mut impl Writable,
        fate: &'static str,
        subject: Option<Uuid>,
    ) -> DbResult<()> {
        self.stored(fate, subject)
            .into_iter()
            .try_for_each(|query| query.later(on))
    }

    /// Learns from it, and tells everybody.
    pub(super) fn learn(&mut self) {
        self.profile = learn(std::mem::take(&mut self.profile), &self.event);
        self.lessons.push(self.lesson.clone());
    }

    /// Stores the profile and what everybody is told of, with the unit, which commits.
    pub(super) fn keep(self, on: &mut impl Writable) -> DbResult<()> {
        let sealed = sealed::seal_profile(&self.key, self.user, &self.profile);
        self.keep_as(on, sealed)
    }

    /// The same for a transaction that takes effect, of which the profile learns.
    pub(super) fn keep_learnt(mut self, on: &mut impl Writable) -> DbResult<()> {
        match self.learnt.take() {
            Some(learnt) => self.keep_as(on, learnt.after),
            None => {
                self.tried();
                self.learn();
                self.keep(on)
            }
        }
    }

    /// The same for a transaction that came to nothing, or waits.
    pub(super) fn keep_tried(mut self, on: &mut impl Writable) -> ApiResult<()> {
        if let Some(learnt) = self.learnt.take() {
            self.profile = sealed::open_profile(&self.key, self.user, &learnt.before)?;
            self.lessons.clear();
        }
        self.tried();
        Ok(self.keep(on)?)
    }

    fn keep_as(self, on: &mut impl Writable, sealed: Vec<u8>) -> DbResult<()> {
        store::save_profile(self.user, sealed.clone(), self.now).later(on)?;
        let stored = Stored {
            sealed,
            profile: self.profile,
            session: self.session,
        };
        self.opened.keep(self.user, stored, self.now);
        self.lessons.into_iter().try_for_each(|lesson| lesson.later(on))
    }

    /// A transaction counts as tried however it ends.
    pub(super) fn tried(&mut self) {
        if let Event::Transaction(transaction) = &self.event {
            self.profile.transactions.tried(transaction);
        }
    }
}
