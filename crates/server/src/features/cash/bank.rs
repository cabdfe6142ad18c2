//! The bank side, simulated: no real money moves, and every transfer says so (`simulated`). A job of the worker answers for
//! the bank when a transfer's turn has come. Deposits always arrive; a withdrawal arrives unless the account's number ends
//! in `0000`, which this bank calls closed and sends back, so that both ends can be tried.

use axum::http::StatusCode;
use stockade_domain::{
    ids::UserId,
    ledger::Posting,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::db::DbError;

use super::{
    events, hold,
    payee::Details,
    store::{payees, transfers},
    transfer::Transfer,
    withdrawal,
};
use crate::{
    app::App,
    core::{actor::Actor, change::Change, event::AuditEvent, sealed},
    features::ledger,
    http::error::{ApiError, ApiResult, Problem},
};

/// Transfers answered in one turn.
const MOST: i64 = 200;

/// Numbers that end so belong to accounts that the simulated bank calls closed.
const CLOSED: &str = "0000";

const GONE: &str = "transfer.moved_meanwhile";

/// # Errors
/// 501 `cash.no_bank` outside development.
pub(super) fn is_connected(app: &App) -> ApiResult<()> {
    if app.config.is_development() {
        return Ok(());
    }
    let detail = "no bank is connected; deposits and withdrawals are simulated in development only";
    Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "cash.no_bank", detail).into())
}

/// Answers for the bank where a transfer's turn has come; says how many moved.
pub async fn answer_transfers(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let due: Result<_, DbError> = app
        .read(async move |reader| transfers::due(reader, now, MOST).await)
        .await;
    let mut moved = 0;
    for transfer in due? {
        match answer(app, &transfer).await {
            Ok(()) => moved += 1,
            Err(ApiError::Refused(problem)) if problem.code == GONE => {}
            Err(error @ ApiError::Database(DbError::Unavailable(_))) => return Err(error),
            // What is wrong with one transfer must not keep the others waiting.
            Err(error) => {
                tracing::error!(transfer = %transfer.id, ?error, "a transfer could not be answered")
            }
        }
    }
    Ok(moved)
}

async fn answer(app: &App, seen: &Transfer) -> ApiResult<()> {
    let (account, id, this) = (seen.account, seen.id, app.clone());
    let owner = app
        .read(async move |reader| ledger::owner_of(reader, account).await)
        .await?;
    let owner: UserId = owner.ok_or(DbError::NoRow)?;
    app.change(Actor::program("simulated bank"), async move |change| {
        let found = transfers::lock(change, account, id).await?;
        let mut transfer = found.ok_or(DbError::NoRow)?;
        if transfer.status != TransferStatus::Pending {
            // Its owner, or another instance, was faster.
            return Err(Problem::conflict(GONE, "the transfer has moved meanwhile").into());
        }
        let event = match transfer.kind {
            TransferKind::Deposit => settle_deposit(change, &mut transfer).await?,
            TransferKind::Withdrawal => answer_withdrawal(&this, change, owner, &mut transfer).await?,
        };
        change.commit(event.about(owner), ())
    })
    .await
}

/// The cash arrives.
pub(super) async fn settle_deposit(
    change: &mut Change<'_>,
    transfer: &mut Transfer,
) -> ApiResult<AuditEvent> {
    transfer.go(TransferStatus::Settled, change.now())?;
    let posting = Posting::deposit(transfer.account, transfer.amount)?;
    ledger::post(change, transfer.id.as_uuid(), &[posting], None).await?;
    transfers::update(change, transfer)?;
    Ok(events::deposit_settled(transfer))
}

/// Credentials may have been changed since the withdrawal was asked for: then it waits now.
async fn answer_withdrawal(
    app: &App,
    change: &mut Change<'_>,
    owner: UserId,
    transfer: &mut Transfer,
) -> ApiResult<AuditEvent> {
    if let Some(until) = hold::until(app, change, owner).await? {
        transfer.hold_back(until);
        transfers::update(change, transfer)?;
        return Ok(events::withdrawal_held(transfer));
    }
    let payee = transfer.payee.ok_or(DbError::NoRow)?;
    let payee = payees::one(change, owner, payee).await?.ok_or(DbError::NoRow)?;
    let key = sealed::key_of(&app.core.keys, change, owner).await?;
    let account = Details::open(&key, owner, &payee)?.account()?;
    if account.parts().account_number.ends_with(CLOSED) {
        transfer.failure = Some("account_closed".into());
        withdrawal::end(change, transfer, TransferStatus::Failed).await?;
        return Ok(events::withdrawal_failed(transfer));
    }
    transfer.go(TransferStatus::Settled, change.now())?;
    let posting = Posting::withdrawal(transfer.account, transfer.amount)?;
    ledger::post(change, transfer.id.as_uuid(), &[posting], None).await?;
    transfers::update(change, transfer)?;
    Ok(events::withdrawal_settled(transfer))
}
