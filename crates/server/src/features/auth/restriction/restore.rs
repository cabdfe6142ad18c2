//! `POST /api/admin/security/accounts/{user_id}/restore`: the way out of a restriction (NIST SP 800-63B-4 §4.2 speaks of
//! recovery with the help of staff). Two of the staff, one of them an administrator, each say how they made sure that it
//! is the owner they deal with. The first call asks, the second, by another person, carries it out: every credential that
//! a stranger may hold is taken away, and the owner gets a link with which to choose a new password.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use stockade_domain::{ids::UserId, roles::Role};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use uuid::Uuid;

use super::restrict::{checked, not_oneself, unknown};
use crate::{
    app::App,
    core::change::{Change, Outcome},
    features::{
        auth::{
            end_sessions::{Which, end_sessions},
            events::{self, SignedOutOf},
            made_since,
            mail_purpose::MailPurpose,
            mails,
            opaque::OpaqueToken,
            store::{
                mail_links,
                restrictions::{self, NewRestoration},
                users,
            },
        },
        devices, mail,
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::CaseWorker,
};

/// How long the second person has.
const WAITS: SignedDuration = SignedDuration::from_hours(24);
/// How long the owner's link works: they may not be at their mail while the desk is at work.
const LINK: SignedDuration = SignedDuration::from_hours(24);

/// How one made sure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct RestoreAccount {
    /// How you made sure that it is the owner; 1 to 2,000 characters, kept on record.
    #[schema(example = "Video call; passport and face agree with the file.")]
    identity_check: String,
}

/// How far the restoration has come.
#[derive(Clone, Serialize, ToSchema)]
pub(in crate::features::auth) struct Restoration {
    id: Uuid,
    /// `needs_second_person`, or `restored`.
    status: &'static str,
    /// Until when another person can carry it out.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[utoipa::path(
    post, path = "/api/admin/security/accounts/{user_id}/restore", tag = "operations desk", params(("user_id" = Uuid, Path)),
    request_body = RestoreAccount,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 200, body = Restoration, description = "Restored."),
        (status = 202, body = Restoration, description = "Another person must say the same."),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(in crate::features::auth) async fn restore(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    Json(ask): Json<RestoreAccount>,
) -> ApiResult<(StatusCode, Answer<Restoration>)> {
    let user = not_oneself(&id, worker.id)?;
    let restoring = Restoring {
        user,
        by: worker.id,
        by_administrator: worker.role == Role::Admin,
        identity_check: checked("identity_check", &ask.identity_check)?,
    };
    let this = app.clone();
    let restoration = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            restoring.go_on(&this, change).await
        })
        .await?;
    let status = match restoration.expires_at {
        Some(_) => StatusCode::ACCEPTED,
        None => StatusCode::OK,
    };
    Ok((status, Answer(restoration)))
}

/// Somebody of the staff at work on a restoration.
struct Restoring {
    user: UserId,
    by: UserId,
    by_administrator: bool,
    identity_check: String,
}

impl Restoring {
    async fn go_on(&self, app: &App, change: &mut Change<'_>) -> ApiResult<Outcome<Restoration>> {
        let known = users::lock(change, self.user).await?;
        let Some(owner) = known.filter(|known| !known.disabled) else {
            return Err(unknown().into());
        };
        let Some(since) = restrictions::compromised_since(change, self.user).await? else {
            let detail = "this account is not restricted";
            return Err(Problem::conflict("account.not_restricted", detail).into());
        };
        let now = change.now();
        match restrictions::restoration(change, self.user, now).await? {
            None => self.ask(change),
            Some(asked) if asked.by == self.by.as_uuid() => {
                let detail = "you have asked for this restoration; another person must carry it out";
                Err(Problem::forbidden("restoration.needs_second_person", detail).into())
            }
            Some(asked) if !(asked.by_administrator || self.by_administrator) => {
                let detail = "one of the two must be an administrator";
                Err(Problem::forbidden("restoration.needs_administrator", detail).into())
            }
            Some(_) => {
                self.reset(app, change, since, &owner.email).await?;
                let event = events::account_restored(self.user, &self.identity_check);
                change.commit(event, self.standing("restored", None))
            }
        }
    }

    fn ask(&self, change: &mut Change<'_>) -> ApiResult<Outcome<Restoration>> {
        let now = change.now();
        let restoration = NewRestoration {
            user: self.user,
            by: self.by,
            by_administrator: self.by_administrator,
            identity_check: &self.identity_check,
            asked_at: now,
            expires_at: now + WAITS,
        };
        restrictions::ask_for_restoration(change, &restoration)?;
        let event = events::restoration_requested(self.user, &self.identity_check);
        change.commit(event, self.standing("needs_second_person", Some(now + WAITS)))
    }

    /// Takes away what a stranger may hold, and gives the owner a way back in.
    async fn reset(&self, app: &App, change: &mut Change<'_>, since: Timestamp, email: &str) -> DbResult<()> {
        let now = change.now();
        let user = self.user;
        change.batch(restrictions::reset(user, now)).await?;
        made_since::take_away(app, change, user, since).await?;
        devices::distrust_all(change, user)?;
        end_sessions(app, change, user, Which::All, SignedOutOf::Restoration).await?;
        let token = OpaqueToken::new();
        mail_links::put(
            change,
            user,
            MailPurpose::ResetPassword,
            token.hash(),
            None,
            now + LINK,
        )?;
        mail::post(change, mails::account_restored(app, email, &token))
    }

    fn standing(&self, status: &'static str, expires_at: Option<Timestamp>) -> Restoration {
        Restoration {
            id: self.user.as_uuid(),
            status,
            expires_at,
        }
    }
}
