//! Decisions found again: opened, and made anew from the policy and the facts they were made from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use stockade_domain::risk::{Decision, Event, Facts, Kind, Policy, Value};
use stockade_platform::{
    db::{DbError, DbResult, Queryable},
    vault::DataKey,
};

use super::{
    sealed::place,
    store::{self, StoredDecision},
};
use crate::{
    core::sealed::open_json,
    http::error::{ApiError, ApiResult},
};

/// What lies sealed with a decision.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Evidence {
    /// What was assessed.
    pub(super) event: Json,
    /// What was decided, as it was then.
    pub(super) decision: StoredTerms,
    /// What was known; it lies sealed apart.
    #[serde(skip)]
    pub(super) facts: BTreeMap<String, Value>,
    /// What would have let it pass.
    pub(super) would_pass: Vec<String>,
}

/// A decision as it was written down.
#[derive(Clone, Debug)]
pub(super) struct StoredTerms {
    pub(super) whole: Json,
    pub(super) terms: Vec<StoredTerm>,
    pub(super) unheard: Vec<StoredUnheard>,
}

/// One rule's part.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct StoredTerm {
    pub(super) rule: String,
    pub(super) points: i64,
    pub(super) says: String,
    pub(super) shown: bool,
    pub(super) evidence: Vec<(String, Value)>,
}

/// A rule that could not be decided.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct StoredUnheard {
    pub(super) rule: String,
    pub(super) unknown: Vec<String>,
}

impl<'de> Deserialize<'de> for StoredTerms {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            terms: Vec<StoredTerm>,
            unheard: Vec<StoredUnheard>,
        }
        let whole = Json::deserialize(from)?;
        let Parts { terms, unheard } = Parts::deserialize(&whole).map_err(serde::de::Error::custom)?;
        Ok(Self {
            whole,
            terms,
            unheard,
        })
    }
}

/// Opens what lies sealed with a decision.
///
/// # Errors
/// 500 `vault.tampered`.
pub(super) fn open(key: &DataKey, stored: &StoredDecision) -> ApiResult<Evidence> {
    let place_of = |column| place("risk_decisions", column, &stored.id);
    let evidence: Evidence = open_json(key, stored.user, &place_of("sealed"), &stored.sealed)?;
    let facts = open_json(key, stored.user, &place_of("sealed_facts"), &stored.sealed_facts)?;
    Ok(Evidence { facts, ..evidence })
}

/// What was assessed, for whoever learns from it.
///
/// # Errors
/// 500 `vault.tampered`.
pub(super) fn event(key: &DataKey, stored: &StoredDecision) -> ApiResult<Event> {
    serde_json::from_value(open(key, stored)?.event)
        .map_err(|error| ApiError::Fault(format!("the event of decision {}: {error}", stored.id)))
}

/// The policy with this hash, from its text.
pub(super) async fn policy(on: &mut impl Queryable, hash: &str) -> DbResult<Policy> {
    let fault = |why: String| DbError::Fault(format!("the risk policy {hash}: {why}"));
    let text = store::policy_text(on, hash)
        .await?
        .ok_or_else(|| fault("it is not there".into()))?;
    let policy = Policy::read(&text).map_err(|error| fault(error.to_string()))?;
    match policy.hash() == hash {
        true => Ok(policy),
        false => Err(fault("its text is another's".into())),
    }
}

/// Decides anew from the stored facts; answers the decision and whether it is the stored one, to the bit.
///
/// # Errors
/// When the stored facts are none.
pub(super) fn replay(policy: &Policy, kind: Kind, stored: &Evidence) -> ApiResult<(Decision, bool)> {
    let facts = Facts::from_pairs(kind, stored.facts.clone())
        .map_err(|name| ApiError::Fault(format!("a stored decision has the fact {name:?}")))?;
    let decision = policy.decide(&facts);
    let same = serde_json::to_value(&decision).is_ok_and(|anew| anew == stored.decision.whole);
    Ok((decision, same))
}

/// The kind of events that a stored decision is about.
pub(super) fn kind(name: &str) -> DbResult<Kind> {
    [Kind::SignIn, Kind::Transaction]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or_else(|| DbError::Fault(format!("{name:?} is no kind of decision")))
}
