//! `GET` and `DELETE /cash/withdrawals/{id}`, and `/confirm`: what became of a withdrawal, taking it back while the bank does
//! not have it, and saying of one under review that it was one's own doing.

use axum::{
    Json,
    extract::{Path, State},
};
use stockade_domain::{
    ids::{AccountId, TransferId},
    ledger::Posting,
    transfers::{TransferKind, TransferStatus},
};

use super::{
    events,
    store::transfers,
    transfer::{self, Transfer, TransferView},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change, event::AuditEvent, once::Claim},
    features::{ledger, quarantine},
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// One withdrawal.
#[utoipa::path(
    get, path = "/api/v1/cash/withdrawals/{id}", tag = "cash",
    responses((status = 200, body = TransferView), (status = 404, body = Problem))
)]
pub(super) async fn show(
    user: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<TransferView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let id = in_path(&id)?;
    let owner = user.id;
    let view = app
        .read(async move |reader| -> ApiResult<_> {
            let found = transfers::one(reader, account.id, id).await?;
            let found = found.filter(is_withdrawal).ok_or_else(unknown)?;
            Ok(transfer::view(reader, owner, found).await?)
        })
        .await?;
    Ok(Json(view))
}

/// Takes a withdrawal back that the bank does not have yet; its cash is available again. Signed.
#[utoipa::path(
    delete, path = "/api/v1/cash/withdrawals/{id}", tag = "cash",
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 200, body = TransferView), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask: () }: Signed<()>,
) -> ApiResult<Json<TransferView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let id = in_path(&id)?;
    let (owner, this) = (user.id, app.clone());
    let view = app
        .change(&user, async move |change| {
            let is_new = matches!(change.claim(), Claim::New(_));
            if is_new {
                quarantine::take_back(&this, change, owner, id.as_uuid()).await?;
            }
            let mut transfer = own(change, account.id, id).await?;
            if is_new {
                end(change, &mut transfer, TransferStatus::Canceled).await?;
            }
            let event = match is_new {
                true => events::withdrawal_canceled(&transfer),
                false => AuditEvent::replayed(id.as_uuid()),
            };
            let view = transfer::view(change, owner, transfer).await?;
            change.commit(event, view)
        })
        .await?;
    Ok(Json(view))
}

/// Says that a withdrawal that is under review was one's own doing. It helps whoever reviews it, and lets nothing through by
/// itself. Signed.
#[utoipa::path(
    post, path = "/api/v1/cash/withdrawals/{id}/confirm", tag = "cash",
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 200, body = TransferView), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { user, ask: () }: Signed<()>,
) -> ApiResult<Json<TransferView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let (owner, id) = (user.id, in_path(&id)?);
    let view = app
        .change(&user, async move |change| {
            let answered = match change.claim() {
                Claim::New(_) => Some(quarantine::answer(change, owner, id.as_uuid()).await),
                Claim::Done(_) => None,
            };
            let transfer = own(change, account.id, id).await?;
            let event = answered.unwrap_or_else(|| Ok(AuditEvent::replayed(id.as_uuid())))?;
            let view = transfer::view(change, owner, transfer).await?;
            change.commit(event, view)
        })
        .await?;
    Ok(Json(view))
}

async fn own(change: &mut Change<'_>, account: AccountId, id: TransferId) -> ApiResult<Transfer> {
    let found = transfers::lock(change, account, id).await?;
    Ok(found.filter(is_withdrawal).ok_or_else(unknown)?)
}

/// Ends a withdrawal that does not reach the bank, or came back from it, and gives its cash back.
pub(super) async fn end(
    change: &mut Change<'_>,
    transfer: &mut Transfer,
    status: TransferStatus,
) -> ApiResult<()> {
    transfer.go(status, change.now())?;
    let release = Posting::release(transfer.account, transfer.amount.into())?;
    ledger::post(change, transfer.id.as_uuid(), &[release], None).await?;
    transfers::update(change, transfer)?;
    Ok(())
}

fn is_withdrawal(transfer: &Transfer) -> bool {
    transfer.kind == TransferKind::Withdrawal
}

/// An id in a path: what is not one is not found.
fn in_path(text: &str) -> ApiResult<TransferId> {
    Ok(text.parse().map_err(|_| unknown())?)
}

/// There is none, or it is somebody else's: nobody can tell which.
fn unknown() -> Problem {
    Problem::not_found("withdrawal.unknown", "you have no such withdrawal")
}
