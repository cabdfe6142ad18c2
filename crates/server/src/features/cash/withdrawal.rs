//! `GET` and `DELETE /cash/withdrawals/{id}`: what became of a withdrawal, and taking it back while the bank does not have
//! it.

use axum::{
    Json,
    extract::{Path, State},
};
use stockade_domain::{
    ids::TransferId,
    ledger::Posting,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::db::DbError;

use super::{
    events,
    store::transfers,
    transfer::{Transfer, TransferView},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change, event::AuditEvent, once::Claim},
    features::ledger,
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// One withdrawal.
#[utoipa::path(
    get, path = "/cash/withdrawals/{id}", tag = "cash",
    responses((status = 200, body = TransferView), (status = 404, body = Problem))
)]
pub(super) async fn show(
    user: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<TransferView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let id = in_path(&id)?;
    let found: Result<_, DbError> = app
        .read(async move |reader| transfers::one(reader, account.id, id).await)
        .await;
    let found = found?.filter(is_withdrawal).ok_or_else(unknown)?;
    Ok(Json(found.into()))
}

/// Takes a withdrawal back that the bank does not have yet; its cash is available again. Signed.
#[utoipa::path(
    delete, path = "/cash/withdrawals/{id}", tag = "cash",
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
    let transfer = app
        .change(&user, async move |change| {
            let found = transfers::lock(change, account.id, id).await?;
            let mut transfer = found.filter(is_withdrawal).ok_or_else(unknown)?;
            if let Claim::Done(_) = change.claim() {
                return change.commit(AuditEvent::replayed(id.as_uuid()), transfer);
            }
            end(change, &mut transfer, TransferStatus::Canceled).await?;
            change.commit(events::withdrawal_canceled(&transfer), transfer)
        })
        .await?;
    Ok(Json(transfer.into()))
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
