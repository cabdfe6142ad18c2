//! `POST /api/admin/security/policies`: proposes a policy. One that cannot be used is refused with everything that is wrong
//! with it, by line and rule.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::risk::Policy;
use utoipa::ToSchema;

use super::show::ProposalView;
use crate::{
    app::App,
    core::change::Change,
    features::risk::{
        events,
        store::{self, proposals::Proposal},
    },
    http::{
        error::{ApiResult, FieldError, Problem},
        json::Json,
    },
    security::roles::Administrator,
};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 1_000;

/// A policy.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::risk) struct ProposePolicy {
    /// TOML, as `stockade risk default-policy` prints it.
    text: String,
    /// Why.
    note: String,
}

#[utoipa::path(
    post, path = "/api/admin/security/policies", tag = "operations desk", request_body = ProposePolicy,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 201, body = ProposalView), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(in crate::features::risk) async fn propose(
    admin: Administrator,
    State(app): State<App>,
    Json(ask): Json<ProposePolicy>,
) -> ApiResult<(StatusCode, Answer<ProposalView>)> {
    let note = ask.note.trim().to_owned();
    if note.is_empty() || note.chars().count() > LONGEST_NOTE {
        let detail = "say why, in up to 1000 characters";
        return Err(Problem::unprocessable("policy.note", detail)
            .field("note", detail)
            .into());
    }
    let policy = Policy::read(&ask.text).map_err(|error| {
        let fields = error.problems.iter().map(|problem| FieldError {
            field: "text".to_owned(),
            detail: problem.to_string(),
            code: None,
        });
        let detail = "this policy cannot be used; errors say why";
        Problem::unprocessable("policy.invalid", detail).fields(fields.collect::<Vec<_>>())
    })?;
    let by = admin.id.as_uuid();
    let view = app
        .change(&*admin, async move |change: &mut Change<'_>| {
            let now = change.now();
            store::keep_policy(change, &policy, now)?;
            let proposal = Proposal {
                id: change.new_id(),
                hash: policy.hash().to_owned(),
                name: policy.name().to_owned(),
                note: note.clone(),
                status: "proposed".to_owned(),
                proposed_by: by,
                proposed_at: now,
                decided_by: None,
                decided_at: None,
            };
            store::proposals::insert(&proposal).later(change)?;
            let event = events::policy("risk.policy_proposed", &proposal);
            change.commit(event, ProposalView::of(proposal))
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(view)))
}
