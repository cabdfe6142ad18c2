//! What staff may know of a decision: every term with what it was found from, what could not be decided, and the smallest
//! change that would have passed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stockade_domain::{
    ids::UserId,
    risk::{Kind, catalogue},
};
use stockade_platform::db::Queryable;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{sealed, store, view::fraction};
use crate::{app::App, core::sealed::open_json, http::error::ApiResult};

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
    facts: Map<String, Value>,
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
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct UnheardRule {
    rule: String,
    unknown: Vec<String>,
}

#[derive(Deserialize)]
struct Stored {
    decision: StoredDecision,
    would_pass: Vec<String>,
}

#[derive(Deserialize)]
struct StoredDecision {
    policy: String,
    kind: String,
    score: i64,
    action: String,
    terms: Vec<StoredTerm>,
    unheard: Vec<UnheardRule>,
    facts: Map<String, Value>,
}

#[derive(Deserialize)]
struct StoredTerm {
    rule: String,
    points: i64,
    says: String,
    shown: bool,
    evidence: Vec<(String, Value)>,
}

/// Why the newest decision on a subject is as it is; `None` when there is none, or the person was erased.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn evidence(
    app: &App,
    on: &mut impl Queryable,
    user: UserId,
    subject: Uuid,
) -> ApiResult<Option<Evidence>> {
    let Some((id, sealed)) = store::evidence_of(on, user, subject).await? else {
        return Ok(None);
    };
    let Some(key) = app.core.keys.of(on, user.as_uuid()).await? else {
        return Ok(None);
    };
    let place = sealed::place("risk_decisions", "sealed", &id);
    let stored: Stored = open_json(&key, user, &place, &sealed)?;
    Ok(Some(stored.into()))
}

impl From<Stored> for Evidence {
    fn from(Stored { decision, would_pass }: Stored) -> Self {
        let kind = match decision.kind.as_str() {
            "sign_in" => Kind::SignIn,
            _ => Kind::Transaction,
        };
        Self {
            policy: decision.policy,
            score: fraction(decision.score),
            action: decision.action,
            terms: decision.terms.into_iter().map(|term| term.told(kind)).collect(),
            unheard: decision.unheard,
            facts: decision.facts,
            would_pass,
        }
    }
}

impl StoredTerm {
    fn told(self, kind: Kind) -> EvidenceTerm {
        let fact = |(name, value): (String, Value)| {
            let known = catalogue(kind).iter().find(|fact| fact.name == name);
            EvidenceFact {
                value,
                meaning: known.map_or("", |fact| fact.meaning),
                name,
            }
        };
        EvidenceTerm {
            rule: self.rule,
            weight: fraction(self.points),
            says: self.says,
            shown: self.shown,
            evidence: self.evidence.into_iter().map(fact).collect(),
        }
    }
}
