//! `DELETE /api-keys/{id}`: a key works no longer, on no instance, from the answer on.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use stockade_domain::ids::ApiKeyId;

use super::{authenticate::mark, events, store};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiResult, Problem},
};

#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", tag = "API keys", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 204, description = "Revoked."), (status = 404, body = Problem))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let unknown = || Problem::not_found("api_key.unknown", "you have no such API key");
    let id: ApiKeyId = id.parse().map_err(|_| unknown())?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let now = change.now();
            if !store::revoke(change, user.id, id, now).await? {
                return Err(unknown().into());
            }
            let app = app.clone();
            change.after_commit(async move { mark(&app, &[id]).await });
            change.commit(events::revoked(id), ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
