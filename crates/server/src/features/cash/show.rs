//! `GET /cash` and `/cash/transactions`.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{asset::Asset, ids::TransferId, ledger::Balance, money::Money};
use utoipa::ToSchema;

use super::store::{self, Transfer};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::ledger,
    http::{
        error::ApiResult,
        page::{Page, PageAsk},
        query::Query,
    },
};

/// Cash of an account.
#[derive(Serialize, ToSchema)]
pub(super) struct CashView {
    currency: &'static str,
    /// Held and available together.
    #[schema(value_type = String, example = "1000.00")]
    balance: Money,
    /// Reserved by open orders.
    #[schema(value_type = String)]
    held: Money,
    /// What can be spent.
    #[schema(value_type = String)]
    available: Money,
}

/// Cash: all of it, what open orders hold, what can be spent.
#[utoipa::path(get, path = "/cash", tag = "cash", responses((status = 200, body = CashView)))]
pub(super) async fn balances(user: SignedIn, State(app): State<App>) -> ApiResult<Json<CashView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let asset = Asset::Cash(account.currency);
    let balance = app
        .read(async move |reader| ledger::balance(reader, account.id, asset).await)
        .await?
        .unwrap_or(Balance::ZERO);
    let money = |minor| Money::new(minor, account.currency);
    Ok(Json(CashView {
        currency: account.currency.as_str(),
        balance: money(balance.available() + balance.held()),
        held: money(balance.held()),
        available: money(balance.available()),
    }))
}

/// A deposit or withdrawal.
#[derive(Serialize, ToSchema)]
pub struct TransferView {
    #[schema(value_type = uuid::Uuid)]
    id: TransferId,
    /// `deposit`
    kind: String,
    /// `settled`
    status: String,
    #[schema(value_type = String, example = "1000.00")]
    amount: Money,
    currency: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// True: the bank side is simulated, and no real money moved.
    simulated: bool,
}

impl TransferView {
    /// Its id.
    pub fn id(&self) -> uuid::Uuid {
        self.id.as_uuid()
    }
}

impl From<Transfer> for TransferView {
    fn from(transfer: Transfer) -> Self {
        Self {
            id: transfer.id,
            kind: transfer.kind,
            status: transfer.status,
            amount: transfer.amount,
            currency: transfer.amount.currency().as_str(),
            created_at: transfer.created_at,
            simulated: true,
        }
    }
}

/// Deposits and withdrawals, newest first.
#[utoipa::path(
    get, path = "/cash/transactions", tag = "cash", params(PageAsk), responses((status = 200, body = Page<TransferView>))
)]
pub(super) async fn transactions(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<PageAsk>,
) -> ApiResult<Json<Page<TransferView>>> {
    let account = ledger::account_of(&app, user.id).await?;
    let (cursor, rows) = (ask.cursor, ask.rows());
    let found = app
        .read(async move |reader| store::list(reader, account.id, cursor, rows).await)
        .await?;
    let views = found.into_iter().map(TransferView::from).collect();
    Ok(Json(ask.page(views, |view: &TransferView| view.id.as_uuid())))
}
