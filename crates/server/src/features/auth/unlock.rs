//! `POST /api/admin/security/accounts/{user_id}/unlock` and `stockade admin unlock`: forgets an account's failures, so that
//! every authenticator may be tried again. Nobody unlocks their own account.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use serde::Serialize;
use stockade_domain::{email::EmailAddress, ids::UserId};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events,
    store::{failure_counters, users},
};
use crate::{
    app::App,
    core::{actor::Actor, change::Change},
    http::error::{ApiError, ApiResult, Problem},
    security::roles::CaseWorker,
};

/// What unlocking did.
#[derive(Serialize, ToSchema)]
pub struct Unlocked {
    /// Whose account.
    pub id: Uuid,
    /// Counters of failures that were forgotten; none when nothing was counted.
    pub counters: u64,
}

#[utoipa::path(
    post, path = "/api/admin/security/accounts/{user_id}/unlock", tag = "operations desk", params(("user_id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = Unlocked), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(super) async fn unlock(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
) -> ApiResult<Answer<Unlocked>> {
    let id: UserId = id.parse().map_err(|_| unknown())?;
    if id == worker.id {
        let detail = "nobody decides on their own case; ask a colleague";
        return Err(Problem::forbidden("case.own", detail).into());
    }
    run(&app, &*worker, id, "desk").await.map(Answer)
}

/// Unlocks the account with this address.
///
/// # Errors
/// The address is none, or nobody's: 404 `account.unknown`.
pub async fn unlock_from_command_line(app: &App, email: &str) -> ApiResult<Unlocked> {
    let email: EmailAddress = email.parse().map_err(|error| ApiError::refusal(&error))?;
    let found: DbResult<_> = app
        .read(async move |reader| users::by_email(reader, &email).await)
        .await;
    let user = found?.ok_or_else(unknown)?;
    run(app, Actor::program("cli"), user.id, "command line").await
}

async fn run(app: &App, actor: impl Into<Actor>, id: UserId, by: &'static str) -> ApiResult<Unlocked> {
    app.change(actor, async move |change: &mut Change<'_>| {
        if users::lock(change, id).await?.is_none() {
            return Err(unknown().into());
        }
        let counters = failure_counters::clear(change, id).await?;
        let unlocked = Unlocked {
            id: id.as_uuid(),
            counters,
        };
        change.commit(events::account_unlocked(id, by, counters), unlocked)
    })
    .await
}

fn unknown() -> Problem {
    Problem::not_found("account.unknown", "there is no such account")
}
