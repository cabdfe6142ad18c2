//! `GET /cash` and `/cash/transactions`.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    asset::Asset,
    ids::TransferId,
    ledger::Balance,
    money::Money,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::db::DbResult;
use utoipa::{IntoParams, ToSchema};

use super::{
    store::transfers::{self, Only},
    transfer::{TransferView, views},
};
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
    /// Reserved by open orders and withdrawals.
    #[schema(value_type = String)]
    held: Money,
    /// What can be spent.
    #[schema(value_type = String)]
    available: Money,
}

/// Cash: all of it, what open orders and withdrawals hold, what can be spent.
#[utoipa::path(get, path = "/api/v1/cash", tag = "cash", responses((status = 200, body = CashView)))]
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

/// Which transfers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct TransfersAsk {
    /// `deposit` or `withdrawal`
    #[param(value_type = Option<String>)]
    kind: Option<TransferKind>,
    /// `pending_review`, `pending`, `settled`, `failed`, `canceled`, `rejected` or `expired`
    #[param(value_type = Option<String>)]
    status: Option<TransferStatus>,
    /// Asked for at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Asked for before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<uuid::Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    limit: Option<u32>,
}

/// Deposits and withdrawals, newest first.
#[utoipa::path(
    get, path = "/api/v1/cash/transactions", tag = "cash", params(TransfersAsk),
    responses((status = 200, body = Page<TransferView>))
)]
pub(super) async fn transactions(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<TransfersAsk>,
) -> ApiResult<Json<Page<TransferView>>> {
    let account = ledger::account_of(&app, user.id).await?;
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let only = Only {
        kind: ask.kind,
        status: ask.status,
        from: ask.from,
        to: ask.to,
        before: ask.cursor.map(TransferId::from_uuid),
    };
    let rows = page.rows();
    let owner = user.id;
    let found: DbResult<_> = app
        .read(async move |reader| {
            let found = transfers::list(reader, account.id, &only, rows).await?;
            views(reader, owner, found).await
        })
        .await;
    let views = found?;
    Ok(Json(page.page(views, TransferView::id)))
}
