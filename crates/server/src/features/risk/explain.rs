//! `GET /api/admin/security/decisions/{id}`: everything about one decision: its terms with the evidence in words, what was
//! unknown, the smallest change that would have passed, and whether it comes out the same again.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::risk::{Kind, Value, catalogue};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events, found, store,
    view::{RiskLevel, fraction},
};
use crate::{
    app::App,
    core::{change::Change, sealed::key_of},
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// Why a decision came out as it did.
#[derive(Serialize, ToSchema)]
pub(super) struct Explanation {
    id: Uuid,
    user_id: Uuid,
    /// `sign_in` or `transaction`.
    #[schema(example = "sign_in")]
    kind: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What was decided on: a session, an order, a withdrawal. Null when it came to nothing.
    subject_id: Option<Uuid>,
    /// How it ended: `done`, `challenged`, `held`, `refused`.
    fate: String,
    #[schema(example = 0.8)]
    score: f64,
    level: RiskLevel,
    /// What followed by the policy's thresholds.
    #[schema(example = "refuse")]
    action: String,
    policy: PolicyName,
    /// What the score is made of.
    terms: Vec<TermView>,
    /// Rules that could not be decided, and what was not known.
    unheard: Vec<UnheardView>,
    /// The smallest change that would have passed; empty when it passed, or when nothing known here would do.
    would_pass: Vec<String>,
    /// Every fact that was known.
    facts: Vec<FactView>,
    /// The event as it was recorded.
    #[schema(value_type = Object)]
    evidence: serde_json::Value,
    /// Whether deciding again, from the stored policy and facts, gives the same decision to the bit.
    reproduced: bool,
}

#[derive(Serialize, ToSchema)]
struct PolicyName {
    /// SHA-256 of its text.
    hash: String,
    name: String,
}

/// One rule's part of a score.
#[derive(Serialize, ToSchema)]
struct TermView {
    #[schema(example = "impossible_travel")]
    code: String,
    #[schema(example = 0.8)]
    weight: f64,
    detail: String,
    /// Whether the customer is told of it.
    shown: bool,
    evidence: Vec<FactView>,
}

#[derive(Serialize, ToSchema)]
struct UnheardView {
    code: String,
    unknown: Vec<String>,
}

/// A fact in words.
#[derive(Serialize, ToSchema)]
struct FactView {
    #[schema(example = "speed_kmh")]
    name: String,
    #[schema(value_type = Object)]
    value: Value,
    #[schema(example = "kilometres an hour since the last confirmed sign-in, at least")]
    meaning: String,
}

#[utoipa::path(
    get, path = "/api/admin/security/decisions/{id}", tag = "operations desk", params(("id" = Uuid, Path)),
    responses((status = 200, body = Explanation), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(super) async fn explain(
    reader: AuditReader,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> ApiResult<Answer<Explanation>> {
    let explanation = app
        .change(&*reader, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let Some(stored) = store::decision(change, id).await? else {
                    return Err(unknown().into());
                };
                let key = key_of(&app.core.keys, change, stored.user).await?;
                let evidence = found::open(&key, &stored)?;
                let policy = found::policy(change, &stored.policy_hash).await?;
                let kind = found::kind(&stored.kind)?;
                let (_, reproduced) = found::replay(&policy, kind, &evidence)?;
                let event = events::decision_read(stored.user, id);
                let policy = PolicyName {
                    hash: stored.policy_hash.clone(),
                    name: policy.name().to_owned(),
                };
                change.commit(event, view(stored, kind, policy, evidence, reproduced))
            }
        })
        .await?;
    Ok(Answer(explanation))
}

fn view(
    stored: store::StoredDecision,
    kind: Kind,
    policy: PolicyName,
    evidence: found::Evidence,
    reproduced: bool,
) -> Explanation {
    let fact = |(name, value): (String, Value)| FactView {
        meaning: meaning(kind, &name),
        name,
        value,
    };
    let decision = evidence.decision;
    Explanation {
        id: stored.id,
        user_id: stored.user.as_uuid(),
        kind: stored.kind,
        at: stored.at,
        subject_id: stored.subject,
        fate: stored.fate,
        score: fraction(stored.score),
        level: RiskLevel::of(stored.score),
        action: stored.action,
        policy,
        facts: evidence.facts.into_iter().map(fact).collect(),
        terms: decision
            .terms
            .into_iter()
            .map(|term| TermView {
                code: term.rule,
                weight: fraction(term.points),
                detail: term.says,
                shown: term.shown,
                evidence: term.evidence.into_iter().map(fact).collect(),
            })
            .collect(),
        unheard: decision
            .unheard
            .into_iter()
            .map(|unheard| UnheardView {
                code: unheard.rule,
                unknown: unheard.unknown,
            })
            .collect(),
        would_pass: evidence.would_pass,
        evidence: evidence.event,
        reproduced,
    }
}

fn meaning(kind: Kind, name: &str) -> String {
    let fact = catalogue(kind).iter().find(|fact| fact.name == name);
    fact.map_or_else(String::new, |fact| fact.meaning.to_owned())
}

fn unknown() -> Problem {
    Problem::not_found(
        "decision.unknown",
        "there is no such decision, or its person was erased",
    )
}
