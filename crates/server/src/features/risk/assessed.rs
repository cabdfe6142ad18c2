//! Something that was assessed and has not yet ended: its decision, and what is stored of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use stockade_domain::{
    ids::UserId,
    risk::{Action, Decision, Event, Policy, Profile, Value as Fact, assess, would_pass},
};
use stockade_platform::{db::Query, vault::DataKey};
use uuid::Uuid;

use super::{events, sealed, store, view::RiskView};
use crate::{app::App, core::change::Change};

/// A sign-in or a transaction with its score. Nothing is stored before it is said how it ended.
pub struct Assessed {
    id: Uuid,
    pub(super) user: UserId,
    pub(super) key: Arc<DataKey>,
    pub(super) profile: Profile,
    pub(super) event: Event,
    decision: Decision,
    would_pass: Vec<String>,
    now: Timestamp,
}

impl Assessed {
    pub(super) fn new(
        app: &App,
        change: &Change<'_>,
        (user, key): (UserId, Arc<DataKey>),
        profile: Profile,
        event: Event,
    ) -> Self {
        let policy: &Policy = &app.risk.policy;
        let decision = assess(policy, &profile, &event);
        let steps = would_pass(policy, &profile, &event);
        Self {
            id: change.new_id(),
            user,
            key,
            decision,
            would_pass: steps.iter().map(ToString::to_string).collect(),
            profile,
            event,
            now: change.now(),
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

    /// The statement that stores the decision: `fate` says how it ended, `subject` on what.
    pub(super) fn stored(&self, fate: &'static str, subject: Option<Uuid>) -> Query {
        let evidence = sealed::Evidence {
            event: &self.event,
            decision: &self.decision,
            would_pass: &self.would_pass,
        };
        store::insert(store::NewDecision {
            id: self.id,
            user: self.user,
            subject,
            fate,
            decision: &self.decision,
            sealed_facts: sealed::facts(&self.key, self.id, &self.decision.facts),
            sealed: evidence.seal(&self.key, self.id),
            now: self.now,
        })
    }

    /// The statement that stores the profile.
    pub(super) fn profile_stored(&self) -> Query {
        sealed::profile_stored(&self.key, self.user, &self.profile, self.now)
    }
}
