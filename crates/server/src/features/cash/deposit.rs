//! `POST /cash/deposits`: money from the simulated bank, settled at once unless the bank takes its time.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{
    amounts,
    currency::Currency,
    decimal::DecimalText,
    ids::TransferId,
    money::Money,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::db::DbError;
use utoipa::ToSchema;

use super::{
    bank, events,
    store::transfers,
    transfer::{Transfer, TransferView},
};
use crate::{
    app::App,
    core::{event::AuditEvent, once::Claim},
    features::ledger,
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// How much comes in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DepositAsk {
    /// Up to two decimals, above zero.
    #[schema(value_type = String, example = "1000.00")]
    amount: DecimalText,
    /// The account's currency.
    #[schema(example = "USD")]
    currency: String,
}

/// Brings in cash from the simulated bank, in development only. Signed.
#[utoipa::path(
    post, path = "/api/v1/cash/deposits", tag = "cash", request_body = DepositAsk,
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 201, body = TransferView), (status = 422, body = Problem))
)]
pub(super) async fn deposit(
    State(app): State<App>,
    Signed { user, ask }: Signed<DepositAsk>,
) -> ApiResult<(StatusCode, Json<TransferView>)> {
    bank::is_connected(&app)?;
    let account = ledger::account_of(&app, user.id).await?;
    let amount = read_amount(&ask.amount, &ask.currency, account.currency)?;
    let takes = app.config.cash.deposit_takes();
    let transfer = app
        .change(&user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => TransferId::from_uuid(id),
                Claim::Done(id) => {
                    let made = transfers::one(change, account.id, TransferId::from_uuid(id)).await?;
                    return change.commit(AuditEvent::replayed(id), made.ok_or(DbError::NoRow)?);
                }
            };
            let now = change.now();
            let mut transfer = Transfer {
                id,
                account: account.id,
                kind: TransferKind::Deposit,
                status: TransferStatus::Pending,
                amount,
                payee: None,
                created_at: now,
                updated_at: now,
                due_at: Some(now + takes),
                held_until: None,
                failure: None,
            };
            transfers::insert(change, &transfer)?;
            if takes.is_zero() {
                let event = bank::settle_deposit(change, &mut transfer).await?;
                return change.commit(event, transfer);
            }
            change.commit(events::deposit_requested(&transfer), transfer)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(transfer.view(None))))
}

/// An amount in the account's currency.
pub(super) fn read_amount(amount: &DecimalText, currency: &str, of_account: Currency) -> ApiResult<Money> {
    if currency != of_account.as_str() {
        let detail = format!("the account is in {of_account}");
        return Err(Problem::unprocessable("cash.other_currency", &*detail)
            .field("currency", detail)
            .into());
    }
    Ok(amounts::amount("amount", amount.as_str(), of_account)?)
}
