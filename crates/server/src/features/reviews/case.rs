//! `GET /api/admin/security/transactions/{id}`: one transaction with everything that an analyst decides on.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use stockade_domain::{
    ids::{OrderId, TransferId},
    risk::Operation,
};
use stockade_platform::db::Queryable;
use utoipa::ToSchema;
use uuid::Uuid;

use super::events;
use crate::{
    app::App,
    core::change::Change,
    features::{
        auth, cash,
        cash::TransferView,
        orders,
        orders::OrderView,
        quarantine::{self, Approval, NotableView},
        risk::{self, Evidence},
    },
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// A transaction with its evidence.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseView {
    #[serde(flatten)]
    transaction: NotableView,
    /// Where its owner gets their mail.
    email: Option<String>,
    /// Who approved it so far.
    approvals: Vec<Approval>,
    /// What the score is made of, and the least that would have let it pass; null once the person was erased.
    evidence: Option<Evidence>,
    /// The order, if it is one.
    order: Option<OrderView>,
    /// The withdrawal, if it is one.
    withdrawal: Option<TransferView>,
}

/// One transaction with the terms of its score, the evidence in words, the smallest change that would have passed, and what
/// its owner says. That somebody looked is on record.
#[utoipa::path(
    get, path = "/api/admin/security/transactions/{id}", tag = "operations desk", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseView), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(super) async fn show(
    State(app): State<App>,
    reader: AuditReader,
    Path(id): Path<String>,
) -> ApiResult<Json<CaseView>> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let this = app.clone();
    let case = app
        .change(&*reader, async move |change: &mut Change<'_>| {
            let case = read(&this, change, id).await?.ok_or_else(unknown)?;
            change.commit(events::read(id), case)
        })
        .await?;
    Ok(Json(case))
}

/// Everything about one transaction.
pub(super) async fn read(app: &App, on: &mut impl Queryable, id: Uuid) -> ApiResult<Option<CaseView>> {
    let Some(stored) = quarantine::one(on, id).await? else {
        return Ok(None);
    };
    let (owner, account) = (stored.owner(), stored.account());
    let order = match stored.operation() {
        Operation::Order => orders::one(on, owner, account, OrderId::from_uuid(id)).await?,
        _ => None,
    };
    let withdrawal = match stored.operation() {
        Operation::Withdrawal => cash::transfer(on, owner, account, TransferId::from_uuid(id)).await?,
        _ => None,
    };
    Ok(Some(CaseView {
        transaction: NotableView::from(&stored),
        email: auth::address_of(on, owner).await?,
        approvals: quarantine::approvals_of(on, id).await?,
        evidence: risk::evidence(app, on, owner, id).await?,
        order,
        withdrawal,
    }))
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("transaction.unknown", "no such transaction looked unusual")
}
