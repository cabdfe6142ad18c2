//! `GET /api/admin/security/policies`, `/policies/live` and `/policies/{id}`: what decides, what is tried and how it compares, what was
//! proposed, and a proposal's text.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::unknown;
use crate::{
    app::App,
    features::risk::{
        found,
        store::{self, proposals::Proposal},
    },
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// A proposed policy.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::features::risk) struct ProposalView {
    id: Uuid,
    /// SHA-256 of its text.
    hash: String,
    name: String,
    note: String,
    /// `proposed`, `live`, `replaced` or `rejected`.
    #[schema(example = "proposed")]
    status: String,
    proposed_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    proposed_at: Timestamp,
    decided_by: Option<Uuid>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
}

/// Policies.
#[derive(Serialize, ToSchema)]
pub(in crate::features::risk) struct Policies {
    /// The hash of the policy that decides.
    live: String,
    /// The policy that is tried, and how it compares.
    shadow: Option<Shadow>,
    proposals: Page<ProposalView>,
}

/// A policy that is tried beside the live one.
#[derive(Serialize, ToSchema)]
struct Shadow {
    hash: String,
    /// How often what would have followed.
    compared: Vec<Compared>,
}

/// How often two actions met.
#[derive(Serialize, ToSchema)]
struct Compared {
    #[schema(example = "sign_in")]
    kind: String,
    /// What followed.
    #[schema(example = "allow")]
    live: String,
    /// What would have followed.
    #[schema(example = "second_factor")]
    shadow: String,
    times: i64,
}

/// A proposed policy with its text.
#[derive(Serialize, ToSchema)]
pub(in crate::features::risk) struct PolicyText {
    #[serde(flatten)]
    proposal: ProposalView,
    text: String,
}

/// The policy that decides.
#[derive(Serialize, ToSchema)]
pub(in crate::features::risk) struct LivePolicy {
    /// SHA-256 of its text.
    hash: String,
    name: String,
    text: String,
}

impl ProposalView {
    pub(super) fn of(proposal: Proposal) -> Self {
        Self {
            id: proposal.id,
            hash: proposal.hash,
            name: proposal.name,
            note: proposal.note,
            status: proposal.status,
            proposed_by: proposal.proposed_by,
            proposed_at: proposal.proposed_at,
            decided_by: proposal.decided_by,
            decided_at: proposal.decided_at,
        }
    }
}

#[utoipa::path(
    get, path = "/api/admin/security/policies", tag = "operations desk", params(PageAsk),
    responses((status = 200, body = Policies), (status = 403, body = Problem))
)]
pub(in crate::features::risk) async fn list(
    State(app): State<App>,
    _reader: AuditReader,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Answer<Policies>> {
    let (before, rows) = (ask.cursor, ask.rows());
    let found: DbResult<_> = app
        .read(async move |reader| {
            let state = store::state(reader).await?;
            let compared = match &state.shadow {
                Some(hash) => store::shadow::compared(reader, hash).await?,
                None => Vec::new(),
            };
            Ok((
                state,
                compared,
                store::proposals::page(reader, before, rows).await?,
            ))
        })
        .await;
    let (state, compared, proposals) = found?;
    let shadow = state.shadow.map(|hash| Shadow {
        hash,
        compared: compared
            .into_iter()
            .map(|(kind, live, shadow, times)| Compared {
                kind,
                live,
                shadow,
                times,
            })
            .collect(),
    });
    let proposals = proposals.into_iter().map(ProposalView::of).collect();
    Ok(Answer(Policies {
        live: state.live.unwrap_or_else(|| app.risk.own.hash().to_owned()),
        shadow,
        proposals: ask.page(proposals, |proposal| proposal.id),
    }))
}

#[utoipa::path(
    get, path = "/api/admin/security/policies/{id}", tag = "operations desk", params(("id" = Uuid, Path)),
    responses((status = 200, body = PolicyText), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(in crate::features::risk) async fn one(
    State(app): State<App>,
    _reader: AuditReader,
    Path(id): Path<Uuid>,
) -> ApiResult<Answer<PolicyText>> {
    let found: DbResult<_> = app
        .read(async move |reader| {
            let Some(proposal) = store::proposals::find(reader, id).await? else {
                return Ok(None);
            };
            let text = store::policy_text(reader, &proposal.hash).await?;
            Ok(Some((proposal, text.unwrap_or_default())))
        })
        .await;
    let (proposal, text) = found?.ok_or_else(unknown)?;
    Ok(Answer(PolicyText {
        proposal: ProposalView::of(proposal),
        text,
    }))
}

#[utoipa::path(
    get, path = "/api/admin/security/policies/live", tag = "operations desk",
    responses((status = 200, body = LivePolicy), (status = 403, body = Problem))
)]
pub(in crate::features::risk) async fn live(
    State(app): State<App>,
    _reader: AuditReader,
) -> ApiResult<Answer<LivePolicy>> {
    let own = app.risk.own.hash().to_owned();
    let found: DbResult<_> = app
        .read(async move |reader| {
            let hash = store::state(reader).await?.live.unwrap_or(own);
            let policy = found::policy(reader, &hash).await?;
            let text = store::policy_text(reader, &hash).await?;
            Ok((hash, policy.name().to_owned(), text.unwrap_or_default()))
        })
        .await;
    let (hash, name, text) = found?;
    Ok(Answer(LivePolicy { hash, name, text }))
}
