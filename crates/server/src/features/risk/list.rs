//! `GET /api/admin/security/decisions`, and the same rows for dashboards: what was decided, newest first, with reasons.

use std::{collections::HashMap, sync::Arc};

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use stockade_domain::{ids::UserId, risk::Kind};
use stockade_platform::{db::Queryable, vault::DataKey};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    found, store,
    view::{Reason, RiskLevel, fraction},
};
use crate::{
    app::App,
    core::sealed::key_of,
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// Which decisions.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DecisionFilter {
    /// `sign_in` or `transaction`.
    #[param(inline)]
    pub kind: Option<DecisionKind>,
    /// Whom they are about.
    pub user: Option<Uuid>,
    /// The least score, from 0 to 1.
    pub min_score: Option<f64>,
    /// How they ended: `done`, `challenged`, `held`, `refused`.
    pub fate: Option<String>,
    /// Decided at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Decided before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// `next_cursor` of the page before.
    pub cursor: Option<Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    pub limit: Option<u32>,
}

/// What decisions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Sign-ins.
    SignIn,
    /// Orders, withdrawals, transfers, payees.
    Transaction,
}

/// A decision in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionRow {
    /// Leads to its explanation.
    pub id: Uuid,
    /// Whom it is about.
    pub user_id: Uuid,
    /// `sign_in` or `transaction`.
    #[schema(example = "sign_in")]
    pub kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was decided on: a session, an order, a withdrawal. Null when it came to nothing.
    pub subject_id: Option<Uuid>,
    /// How it ended: `done`, `challenged`, `held`, `refused`.
    #[schema(example = "done")]
    pub fate: String,
    /// From 0 to 1.
    #[schema(example = 0.3)]
    pub score: f64,
    /// The same in a word.
    pub level: RiskLevel,
    /// What followed by the policy's thresholds.
    #[schema(example = "allow")]
    pub action: String,
    /// All that counted.
    pub reasons: Vec<Reason>,
    /// Where a sign-in came from; null for transactions.
    pub from: Option<SignInFrom>,
}

/// Where a sign-in came from, as far as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInFrom {
    /// The address.
    #[schema(example = "203.0.113.7")]
    pub ip: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "NO")]
    pub country: Option<String>,
    /// A part of the country.
    pub region: Option<String>,
    /// The browser's family.
    #[schema(example = "Firefox")]
    pub browser: Option<String>,
    /// The operating system.
    #[schema(example = "Linux")]
    pub system: Option<String>,
    /// Whether the address hides who uses it.
    pub anonymiser: Option<bool>,
}

#[utoipa::path(
    get, path = "/api/admin/security/decisions", tag = "operations desk", params(DecisionFilter),
    responses((status = 200, body = Page<DecisionRow>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(app): State<App>,
    _reader: AuditReader,
    Query(filter): Query<DecisionFilter>,
) -> ApiResult<Answer<Page<DecisionRow>>> {
    let this = app.clone();
    let page = app
        .read(async move |reader| page(&this, reader, &filter).await)
        .await?;
    Ok(Answer(page))
}

/// A page of decisions, newest first.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn page(
    app: &App,
    on: &mut impl Queryable,
    filter: &DecisionFilter,
) -> ApiResult<Page<DecisionRow>> {
    let ask = PageAsk {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let kind = filter.kind.map(|kind| match kind {
        DecisionKind::SignIn => Kind::SignIn,
        DecisionKind::Transaction => Kind::Transaction,
    });
    let wanted = store::Wanted {
        kind,
        user: filter.user,
        min_score: filter
            .min_score
            .map(|score| (score.clamp(0.0, 1.0) * 1_000.0).ceil() as i64),
        fate: filter.fate.clone(),
        from: filter.from,
        to: filter.to,
        before: ask.cursor,
        rows: ask.rows(),
    };
    let stored = store::decisions(on, &wanted).await?;
    let mut keys: HashMap<UserId, Arc<DataKey>> = HashMap::new();
    let mut rows = Vec::with_capacity(stored.len());
    for decision in stored {
        let key = match keys.get(&decision.user) {
            Some(key) => Arc::clone(key),
            None => {
                let key = key_of(&app.core.keys, on, decision.user).await?;
                keys.insert(decision.user, Arc::clone(&key));
                key
            }
        };
        let evidence = found::open(&key, &decision)?;
        rows.push(row(decision, evidence));
    }
    Ok(ask.page(rows, |row| row.id))
}

fn row(stored: store::StoredDecision, evidence: found::Evidence) -> DecisionRow {
    DecisionRow {
        from: from(&evidence.event),
        id: stored.id,
        user_id: stored.user.as_uuid(),
        kind: stored.kind,
        at: stored.at,
        subject_id: stored.subject,
        fate: stored.fate,
        score: fraction(stored.score),
        level: RiskLevel::of(stored.score),
        action: stored.action,
        reasons: evidence
            .decision
            .terms
            .into_iter()
            .map(|term| Reason {
                code: term.rule,
                weight: fraction(term.points),
                detail: term.says,
            })
            .collect(),
    }
}

fn from(event: &Json) -> Option<SignInFrom> {
    if event["kind"] != Kind::SignIn.as_str() {
        return None;
    }
    let (place, features) = (&event["place"], &event["features"]);
    let text = |of: &Json, name: &str| of[name].as_str().map(str::to_owned);
    Some(SignInFrom {
        ip: text(features, "ip"),
        country: text(place, "country"),
        region: text(place, "region"),
        browser: text(features, "browser"),
        system: text(features, "system"),
        anonymiser: event["anonymiser"].as_bool(),
    })
}
