//! `POST /api/admin/security/accounts/{user_id}/restrict`: an analyst freezes an account.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::ids::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::indicators::shut;
use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        events,
        store::{restrictions, users},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::CaseWorker,
};

/// Longest reason, in characters.
const LONGEST: usize = 2_000;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct RestrictAccount {
    /// 1 to 2,000 characters, for colleagues.
    #[schema(example = "The owner rang: somebody else is signed in.")]
    reason: String,
}

/// An account that is restricted.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct Restricted {
    id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    restricted_at: Timestamp,
}

#[utoipa::path(
    post, path = "/api/admin/security/accounts/{user_id}/restrict", tag = "operations desk", params(("user_id" = Uuid, Path)),
    request_body = RestrictAccount,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 200, body = Restricted), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem),
    )
)]
pub(in crate::features::auth) async fn restrict(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    Json(ask): Json<RestrictAccount>,
) -> ApiResult<Answer<Restricted>> {
    let user = not_oneself(&id, worker.id)?;
    let reason = checked("reason", &ask.reason)?;
    let this = app.clone();
    let restricted = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            let known = users::lock(change, user).await?;
            if known.is_none_or(|known| known.disabled) {
                return Err(unknown().into());
            }
            let now = change.now();
            let first = restrictions::indicators(change, user, Timestamp::UNIX_EPOCH)
                .await?
                .iter()
                .map(|met| met.first_at)
                .min();
            if !restrictions::restrict(change, user, &reason, first.unwrap_or(now), now).await? {
                let detail = "this account is restricted already";
                return Err(Problem::conflict("account.restricted_already", detail).into());
            }
            shut(&this, change, user).await?;
            let restricted = Restricted {
                id: user.as_uuid(),
                restricted_at: now,
            };
            change.commit(
                events::account_restricted(user, "desk", &[], Some(&reason)),
                restricted,
            )
        })
        .await?;
    Ok(Answer(restricted))
}

/// Whose case it is, unless it is the worker's own.
///
/// # Errors
/// 404 `account.unknown`; 403 `case.own`.
pub(super) fn not_oneself(id: &str, worker: UserId) -> ApiResult<UserId> {
    let user: UserId = id.parse().map_err(|_| unknown())?;
    if user == worker {
        let detail = "nobody decides on their own case; ask a colleague";
        return Err(Problem::forbidden("case.own", detail).into());
    }
    Ok(user)
}

/// What somebody wrote for colleagues.
///
/// # Errors
/// 422 `case.words_invalid`.
pub(super) fn checked(field: &'static str, words: &str) -> ApiResult<String> {
    let words = words.trim();
    if (1..=LONGEST).contains(&words.chars().count()) {
        return Ok(words.to_owned());
    }
    let detail = format!("write 1 to {LONGEST} characters");
    Err(Problem::unprocessable("case.words_invalid", &*detail)
        .field(field, detail)
        .into())
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("account.unknown", "there is no such account")
}
