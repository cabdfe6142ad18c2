//! `PUT /api/admin/security/policies/shadow`: tries a proposed policy beside the live one, or none. It decides nothing; what
//! it would have decided is stored apart and counted.

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::unknown;
use crate::{
    app::App,
    core::change::Change,
    features::risk::{events, store},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::Administrator,
};

/// Which policy to try.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::risk) struct SetShadow {
    /// A proposal's id; null ends the trial.
    proposal: Option<Uuid>,
}

/// The policy that is tried.
#[derive(Serialize, ToSchema)]
pub(in crate::features::risk) struct ShadowView {
    /// SHA-256 of its text; null when none is tried.
    hash: Option<String>,
}

#[utoipa::path(
    put, path = "/api/admin/security/policies/shadow", tag = "operations desk",
    request_body = SetShadow,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = ShadowView), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(in crate::features::risk) async fn set(
    admin: Administrator,
    State(app): State<App>,
    Json(ask): Json<SetShadow>,
) -> ApiResult<Answer<ShadowView>> {
    let view = app
        .change(&*admin, async move |change: &mut Change<'_>| {
            let hash = match ask.proposal {
                None => None,
                Some(id) => match store::proposals::find(change, id).await? {
                    Some(proposal) => Some(proposal.hash),
                    None => return Err(unknown().into()),
                },
            };
            store::set_shadow(hash.as_deref()).later(change)?;
            change.commit(events::shadow_set(hash.as_deref()), ShadowView { hash })
        })
        .await?;
    Ok(Answer(view))
}
