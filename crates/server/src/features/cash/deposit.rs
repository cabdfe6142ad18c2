//! `POST /cash/deposits`: money from the simulated bank, settled at once.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{
    amounts, currency::Currency, decimal::DecimalText, ids::TransferId, ledger::Posting, money::Money,
};
use stockade_platform::db::DbError;
use utoipa::ToSchema;

use super::{
    events,
    show::TransferView,
    store::{self, Transfer},
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
    post, path = "/cash/deposits", tag = "cash", request_body = DepositAsk,
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 201, body = TransferView), (status = 422, body = Problem))
)]
pub(super) async fn deposit(
    State(app): State<App>,
    Signed { user, ask }: Signed<DepositAsk>,
) -> ApiResult<(StatusCode, Json<TransferView>)> {
    if !app.config.is_development() {
        let detail = "no bank is connected; deposits are simulated in development only";
        return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "cash.no_bank", detail).into());
    }
    let account = ledger::account_of(&app, user.id).await?;
    let amount = read(&ask, account.currency)?;
    let view = app
        .change(&user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => id,
                Claim::Done(id) => {
                    let made = store::one(change, account.id, id).await?.ok_or(DbError::NoRow)?;
                    return change.commit(AuditEvent::replayed(id), TransferView::from(made));
                }
            };
            let posting = Posting::deposit(account.id, amount)?;
            ledger::post(change, id, &[posting], None).await?;
            let transfer = Transfer {
                id: TransferId::from_uuid(id),
                kind: "deposit".into(),
                status: "settled".into(),
                amount,
                created_at: change.now(),
            };
            store::insert(change, account.id, &transfer)?;
            change.commit(events::deposit_settled(id, amount), TransferView::from(transfer))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(view)))
}

fn read(ask: &DepositAsk, currency: Currency) -> ApiResult<Money> {
    if ask.currency != currency.as_str() {
        let detail = format!("the account is in {currency}");
        return Err(Problem::unprocessable("cash.other_currency", &*detail)
            .field("currency", detail)
            .into());
    }
    Ok(amounts::amount("amount", ask.amount.as_str(), currency)?)
}
