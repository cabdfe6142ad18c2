//! `POST /api/admin/security/policies/{id}/approve` and `/reject`: a second administrator decides. Nobody approves what they
//! proposed themselves.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use uuid::Uuid;

use super::{show::ProposalView, unknown};
use crate::{
    app::App,
    core::change::Change,
    features::risk::{events, store},
    http::error::{ApiResult, Problem},
    security::roles::Administrator,
};

#[utoipa::path(
    post, path = "/api/admin/security/policies/{id}/approve", tag = "operations desk",
    params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = ProposalView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem))
)]
pub(in crate::features::risk) async fn approve(
    admin: Administrator,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> ApiResult<Answer<ProposalView>> {
    decide(app, admin, id, true).await
}

#[utoipa::path(
    post, path = "/api/admin/security/policies/{id}/reject", tag = "operations desk",
    params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = ProposalView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem))
)]
pub(in crate::features::risk) async fn reject(
    admin: Administrator,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> ApiResult<Answer<ProposalView>> {
    decide(app, admin, id, false).await
}

async fn decide(app: App, admin: Administrator, id: Uuid, approves: bool) -> ApiResult<Answer<ProposalView>> {
    let by = admin.id.as_uuid();
    let view = app
        .change(&*admin, async move |change: &mut Change<'_>| {
            let Some(mut proposal) = store::proposals::find(change, id).await? else {
                return Err(unknown().into());
            };
            if approves && proposal.proposed_by == by {
                let detail = "you proposed this policy yourself; another administrator must approve it";
                let event = events::policy("risk.policy_refused", &proposal);
                return change.refuse(event, Problem::forbidden("policy.own", detail));
            }
            let now = change.now();
            let status = if approves { "live" } else { "rejected" };
            if approves {
                store::proposals::replace_live().later(change)?;
            }
            if !store::proposals::decide(change, id, status, by, now).await? {
                let detail = "this proposal has been decided already";
                let event = events::policy("risk.policy_refused", &proposal);
                return change.refuse(event, Problem::conflict("policy.decided", detail));
            }
            if approves {
                store::set_live(&proposal.hash).later(change)?;
            }
            (proposal.status, proposal.decided_by, proposal.decided_at) =
                (status.to_owned(), Some(by), Some(now));
            let kind = if approves {
                "risk.policy_approved"
            } else {
                "risk.policy_rejected"
            };
            change.commit(events::policy(kind, &proposal), ProposalView::of(proposal))
        })
        .await?;
    Ok(Answer(view))
}
