//! What staff may know of a decision: every term with what it was found from, what could not be decided, and the smallest
//! change that would have passed.

use std::collections::BTreeMap;

use serde::Serialize;
use stockade_domain::{
    ids::UserId,
    risk::{Kind, Value, catalogue},
};
use stockade_platform::db::Queryable;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{found, store, view::fraction};
use crate::{app::App, http::error::ApiResult};

/// Why something scored as it did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// The hash of the policy that decided.
    policy: String,
    /// From 0 to 1.
    score: f64,
    /// What followed, such as `hold`.
    action: String,
    /// What the score is made of.
    terms: Vec<EvidenceTerm>,
    /// Rules that could not be decided: neither for nor against the person.
    unheard: Vec<UnheardRule>,
    /// Everything that was known, by the names that rules use.
    #[schema(value_type = Object)]
    facts: BTreeMap<String, Value>,
    /// The smallest change that would have passed, in words; empty when it passed, or when none known here would do.
    would_pass: Vec<String>,
}

/// One rule's part of a score.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EvidenceTerm {
    #[schema(example = "unusual_amount")]
    rule: String,
    /// What it adds to the score.
    weight: f64,
    /// The same in words.
    says: String,
    /// Whether its owner may see it.
    shown: bool,
    evidence: Vec<EvidenceFact>,
}

/// A fact that a rule asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EvidenceFact {
    #[schema(example = "amount_ratio")]
    name: String,
    #[schema(value_type = Object)]
    value: Value,
    /// What it says, with its unit.
    meaning: &'static str,
}

/// A rule that could not be decided, and what was not known.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct UnheardRule {
    rule: String,
    unknown: Vec<String>,
}

/// Why the newest decision on a subject that did not simply pass is as it is; `None` when there is none, or the person was erased.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn evidence(
    app: &App,
    on: &mut impl Queryable,
    user: UserId,
    subject: Uuid,
) -> ApiResult<Option<Evidence>> {
    let Some(stored) = store::decision_on(on, user, subject).await? else {
        return Ok(None);
    };
    let Some(key) = app.core.keys.of(on, user.as_uuid()).await? else {
        return Ok(None);
    };
    let kind = found::kind(&stored.kind)?;
    let found = found::open(&key, &stored)?;
    let term = |term: found::StoredTerm| EvidenceTerm {
        rule: term.rule,
        weight: fraction(term.points),
        says: term.says,
        shown: term.shown,
        evidence: term.evidence.into_iter().map(|fact| told(kind, fact)).collect(),
    };
    let unheard = |rule: found::StoredUnheard| UnheardRule {
        rule: rule.rule,
        unknown: rule.unknown,
    };
    Ok(Some(Evidence {
        policy: stored.policy_hash,
        score: fraction(stored.score),
        action: stored.action,
        terms: found.decision.terms.into_iter().map(term).collect(),
        unheard: found.decision.unheard.into_iter().map(unheard).collect(),
        facts: found.facts,
        would_pass: found.would_pass,
    }))
}

fn told(kind: Kind, (name, value): (String, Value)) -> EvidenceFact {
    let known = catalogue(kind).iter().find(|fact| fact.name == name);
    EvidenceFact {
        value,
        meaning: known.map_or("", |fact| fact.meaning),
        name,
    }
}
