//! `GET /portfolio` and `/portfolio/positions`: positions at present prices, and what they come to.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    asset::Asset,
    ledger::Balance,
    lots::Position,
    money::{AmountError, Money},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbError, Reader};
use utoipa::ToSchema;

use super::store::{self, StoredPosition};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::{
        ledger::{self, Account},
        market,
    },
    http::error::ApiResult,
};

/// Shares of one security and what they are worth.
#[derive(Serialize, ToSchema)]
pub(super) struct PositionView {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    #[schema(value_type = String)]
    qty: Quantity,
    /// Not reserved by open orders.
    #[schema(value_type = String)]
    available: Quantity,
    /// What one share cost on average, fees included.
    #[schema(value_type = String)]
    avg_entry_price: Price,
    #[schema(value_type = String)]
    cost_basis: Money,
    /// The last price; null while there is none.
    #[schema(value_type = Option<String>)]
    price: Option<Price>,
    #[schema(value_type = Option<String>, format = DateTime)]
    price_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    market_value: Option<Money>,
    #[schema(value_type = Option<String>)]
    unrealized_pl: Option<Money>,
    /// Share of the equity in hundredths of a percent; null while it cannot be computed.
    weight: Option<i64>,
}

/// Everything a customer owns.
#[derive(Serialize, ToSchema)]
pub(super) struct PortfolioView {
    currency: &'static str,
    /// Held and available.
    #[schema(value_type = String)]
    cash: Money,
    /// Of all positions; null while one of them has no price.
    #[schema(value_type = Option<String>)]
    market_value: Option<Money>,
    /// Cash and positions.
    #[schema(value_type = Option<String>)]
    equity: Option<Money>,
    #[schema(value_type = Option<String>)]
    unrealized_pl: Option<Money>,
    /// Of all sales so far.
    #[schema(value_type = String)]
    realized_pl: Money,
    positions: Vec<PositionView>,
}

/// Cash and positions at present prices.
#[utoipa::path(get, path = "/api/v1/portfolio", tag = "portfolio", responses((status = 200, body = PortfolioView)))]
pub(super) async fn portfolio(user: SignedIn, State(app): State<App>) -> ApiResult<Json<PortfolioView>> {
    Ok(Json(view(&app, user).await?))
}

/// The positions alone.
#[derive(Serialize, ToSchema)]
pub(super) struct PositionList {
    items: Vec<PositionView>,
    next_cursor: Option<String>,
}

/// The positions alone.
#[utoipa::path(get, path = "/api/v1/portfolio/positions", tag = "portfolio", responses((status = 200, body = PositionList)))]
pub(super) async fn positions(user: SignedIn, State(app): State<App>) -> ApiResult<Json<PositionList>> {
    Ok(Json(PositionList {
        items: view(&app, user).await?.positions,
        next_cursor: None,
    }))
}

async fn view(app: &App, user: SignedIn) -> ApiResult<PortfolioView> {
    let account = ledger::account_of(app, user.id).await?;
    let (balances, stored) = app
        .read(async move |reader: &mut Reader| {
            let balances = ledger::balances(reader, account.id).await?;
            Ok::<_, DbError>((balances, store::positions(reader, account.id).await?))
        })
        .await?;
    Ok(compute(app, &account, &balances, &stored)?)
}

fn compute(
    app: &App,
    account: &Account,
    balances: &[(Asset, Balance)],
    stored: &[StoredPosition],
) -> Result<PortfolioView, AmountError> {
    let money = |minor| Money::new(minor, account.currency);
    let balance = |wanted| {
        balances
            .iter()
            .find(|(asset, _)| *asset == wanted)
            .map_or(Balance::ZERO, |(_, b)| *b)
    };
    let cash = balance(Asset::Cash(account.currency));
    let cash = money(cash.available() + cash.held());
    let mut positions = Vec::with_capacity(stored.len());
    let (mut value, mut unrealized) = (Some(money(0)), Some(money(0)));
    for stored in stored.iter().filter(|stored| stored.quantity.is_positive()) {
        let available = Quantity::from_nanos(balance(Asset::Security(stored.symbol)).available());
        let view = position(app, stored, available, account)?;
        value = sum(value, view.market_value)?;
        unrealized = sum(unrealized, view.unrealized_pl)?;
        positions.push(view);
    }
    let equity = sum(Some(cash), value)?;
    for position in &mut positions {
        position.weight = weight(position.market_value, equity);
    }
    Ok(PortfolioView {
        currency: account.currency.as_str(),
        cash,
        market_value: value,
        equity,
        unrealized_pl: unrealized,
        realized_pl: money(stored.iter().map(|stored| stored.realized).sum()),
        positions,
    })
}

fn position(
    app: &App,
    stored: &StoredPosition,
    available: Quantity,
    account: &Account,
) -> Result<PositionView, AmountError> {
    let cost = Money::new(stored.cost_basis, account.currency);
    let position = Position {
        symbol: stored.symbol,
        quantity: stored.quantity,
        cost,
    };
    let quote = market::quote(app, stored.symbol).ok();
    let price = quote.map(|quote| quote.last());
    Ok(PositionView {
        symbol: stored.symbol,
        qty: stored.quantity,
        available,
        avg_entry_price: position.average_entry_price()?,
        cost_basis: cost,
        price,
        price_at: quote.map(|quote| quote.at()),
        market_value: price.map(|price| position.market_value(price)).transpose()?,
        unrealized_pl: price.map(|price| position.unrealized(price)).transpose()?,
        weight: None,
    })
}

fn sum(left: Option<Money>, right: Option<Money>) -> Result<Option<Money>, AmountError> {
    left.zip(right)
        .map(|(left, right)| left.checked_add(right))
        .transpose()
}

fn weight(part: Option<Money>, whole: Option<Money>) -> Option<i64> {
    let (part, whole) = (i128::from(part?.minor()), i128::from(whole?.minor()));
    (whole > 0)
        .then(|| i64::try_from(part * 10_000 / whole).ok())
        .flatten()
}
