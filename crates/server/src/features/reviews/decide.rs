//! `POST /api/admin/security/transactions/{id}/approve` and `/reject`: an analyst decides. Above a limit two must approve,
//! nobody decides on what is their own, and nothing of a frozen account is let through.

use axum::{
    Json,
    extract::{Path, Request, State},
};
use serde::Deserialize;
use stockade_domain::{
    ids::{OrderId, TransferId},
    risk::Operation,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    case::{self, CaseView},
    events,
};
use crate::{
    app::App,
    core::{
        actor::SignedIn,
        change::{Change, Outcome},
    },
    features::{
        auth, cash, orders,
        quarantine::{self, Held, LeftAs},
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        json,
    },
    security::roles::CaseWorker,
};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 1_000;

/// Why it was decided so.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Up to 1,000 characters, put on record.
    note: Option<String>,
}

/// Lets what is held through. With the last approval that its amount asks for, an order meets the market as it is now, and a
/// withdrawal goes to the bank; before that, the case stays open.
#[utoipa::path(
    post, path = "/api/admin/security/transactions/{id}/approve", tag = "operations desk", params(("id" = Uuid, Path)),
    request_body = Option<Decision>, extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = CaseView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem))
)]
pub(super) async fn approve(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    request: Request,
) -> ApiResult<Json<CaseView>> {
    let ask = asked(&app, &id, request).await?;
    let (analyst, this) = ((*worker).clone(), app.clone());
    let case = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            let held = match open(change, &analyst, ask.id).await? {
                Ok(held) => held,
                Err(problem) => return refuse_own(change, ask.id, problem),
            };
            if auth::is_restricted(change, held.owner()).await? {
                return Err(frozen().into());
            }
            let given = quarantine::approve(change, &held, analyst.id).await?;
            if given < held.approvals_needed() {
                let event = events::approval_given(&held, given, ask.note.as_deref());
                return end(&this, change, ask.id, event).await;
            }
            quarantine::leave(&this, change, &held, LeftAs::Approved).await?;
            release(&this, change, &held).await?;
            let event = events::approved(&held, ask.note.as_deref());
            end(&this, change, ask.id, event).await
        })
        .await?;
    Ok(Json(case))
}

/// Stops what is held; what it reserved is free again.
#[utoipa::path(
    post, path = "/api/admin/security/transactions/{id}/reject", tag = "operations desk", params(("id" = Uuid, Path)),
    request_body = Option<Decision>, extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = CaseView), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem))
)]
pub(super) async fn reject(
    State(app): State<App>,
    worker: CaseWorker,
    Path(id): Path<String>,
    request: Request,
) -> ApiResult<Json<CaseView>> {
    let ask = asked(&app, &id, request).await?;
    let (analyst, this) = ((*worker).clone(), app.clone());
    let case = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            let held = match open(change, &analyst, ask.id).await? {
                Ok(held) => held,
                Err(problem) => return refuse_own(change, ask.id, problem),
            };
            quarantine::leave(&this, change, &held, LeftAs::Rejected).await?;
            match held.operation() {
                Operation::Order => order_of(&held).reject(change).await.map(drop)?,
                _ => withdrawal_of(&held).reject(change).await?,
            }
            let event = events::rejected(&held, ask.note.as_deref());
            end(&this, change, ask.id, event).await
        })
        .await?;
    Ok(Json(case))
}

struct Asked {
    id: Uuid,
    note: Option<String>,
}

async fn asked(app: &App, id: &str, request: Request) -> ApiResult<Asked> {
    let id = id.parse().map_err(|_| case::unknown())?;
    let limit = app.config.server.body_limit_bytes;
    let (decision, _) = json::read_ahead::<Option<Decision>>(request, limit).await?;
    let note = decision.unwrap_or_default().note;
    let too_long = |note: &String| note.chars().count() > LONGEST_NOTE;
    if note.as_ref().is_some_and(too_long) {
        let detail = "a note has 1,000 characters at most";
        return Err(Problem::unprocessable("review.note", detail)
            .field("note", detail)
            .into());
    }
    Ok(Asked { id, note })
}

/// What is held, for somebody who may decide about it; the refusal for its own owner.
async fn open(change: &mut Change<'_>, analyst: &SignedIn, id: Uuid) -> ApiResult<Result<Held, Problem>> {
    let held = quarantine::lock(change, id).await?;
    if held.owner() == analyst.id {
        let detail = "nobody decides on their own case; ask a colleague";
        return Ok(Err(Problem::forbidden("case.own", detail)));
    }
    if held.expires_at() <= change.now() {
        let detail = "the time for this decision is over; nothing was executed";
        return Err(Problem::conflict("review.expired", detail).into());
    }
    Ok(Ok(held))
}

/// What a stranger may have asked for is not let through while it is not known who asked.
fn frozen() -> Problem {
    let detail = "the account is frozen: reject this, or restore the account with its owner first";
    Problem::conflict("account.restricted", detail)
}

fn refuse_own(change: &mut Change<'_>, id: Uuid, problem: Problem) -> ApiResult<Outcome<CaseView>> {
    change.refuse(events::own_refused(id), problem)
}

/// It goes the way that everything of its kind goes.
async fn release(app: &App, change: &mut Change<'_>, held: &Held) -> ApiResult<()> {
    match held.operation() {
        Operation::Order => order_of(held).release(app, change).await.map(drop)?,
        _ => withdrawal_of(held).release(app, change).await?,
    }
    Ok(())
}

async fn end(
    app: &App,
    change: &mut Change<'_>,
    id: Uuid,
    event: crate::core::event::AuditEvent,
) -> ApiResult<Outcome<CaseView>> {
    let case = case::read(app, change, id).await?;
    let case = case.ok_or_else(|| ApiError::Fault(format!("the case of {id} is gone")))?;
    change.commit(event, case)
}

pub(super) fn order_of(held: &Held) -> orders::Reviewed {
    orders::Reviewed {
        owner: held.owner(),
        account: held.account(),
        order: OrderId::from_uuid(held.id()),
    }
}

pub(super) fn withdrawal_of(held: &Held) -> cash::Reviewed {
    cash::Reviewed {
        owner: held.owner(),
        account: held.account(),
        transfer: TransferId::from_uuid(held.id()),
    }
}
