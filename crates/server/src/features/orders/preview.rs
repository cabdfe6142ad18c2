//! `POST /orders/preview`: what an order would do right now, for whoever is about to place it. It changes nothing, is not
//! signed and reserves no price.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    asset::Asset,
    ids::OrderId,
    ledger::Balance,
    money::Money,
    orders::{Hold, Order, Side, hold_for, match_order},
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::random;
use utoipa::ToSchema;

use super::place::PlaceOrder;
use crate::{
    app::App,
    core::actor::SignedIn,
    features::{ledger, market},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// What an order would do.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderPreview {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    #[schema(value_type = String)]
    side: Side,
    /// How many shares would change hands at once; `0` when the order would wait.
    #[schema(value_type = String)]
    qty: Quantity,
    /// At what price; null when the order would wait.
    #[schema(value_type = Option<String>)]
    price: Option<Price>,
    /// The cash for them, or, when the order would wait, the most it reserves; a waiting sale has none.
    #[schema(value_type = Option<String>)]
    amount: Option<Money>,
    #[schema(value_type = String)]
    fee: Money,
    /// What could be spent afterwards; negative when the order asks for more than there is.
    #[schema(value_type = Option<String>)]
    buying_power_after: Option<Money>,
    /// Whether the order would be filled whole at once.
    fills_at_once: bool,
    /// When the market opens, if it is closed now and the order would wait for that.
    #[schema(value_type = Option<String>, format = DateTime)]
    opens_at: Option<Timestamp>,
    /// Whether there is enough cash, or there are enough shares, for what it reserves.
    affordable: bool,
}

#[utoipa::path(
    post, path = "/api/v1/orders/preview", tag = "orders", request_body = PlaceOrder,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = OrderPreview), (status = 422, body = Problem))
)]
pub(super) async fn preview(
    State(app): State<App>,
    user: SignedIn,
    Json(ask): Json<PlaceOrder>,
) -> ApiResult<Answer<OrderPreview>> {
    let account = ledger::account_of(&app, user.id).await?;
    let terms = ask.terms(account.currency)?;
    let (symbol, side) = (terms.symbol(), terms.side());
    let quote = market::tradable_quote(&app, symbol)?;
    let trading = &app.config.trading;
    let fees = trading.fees();
    let hold = hold_for(&terms, &quote, trading.collar_bps, &fees)?;
    let now = app.clock.now();
    let session = trading.calendar().session(now);
    let opens_at = Some(session.opens).filter(|opens| now < *opens);
    let id = OrderId::from_uuid(random::uuid_v7(now));
    let mut order = Order::new(id, account.id, None, terms, hold, now)?;
    order.accept(session.closes, now)?;
    order.trigger(&quote, now);
    let execution = match opens_at {
        Some(_) => None,
        None => match_order(&order, &quote, trading.liquidity())?,
    };

    let (cash_asset, reserved) = (Asset::Cash(account.currency), hold.reserved());
    let (cash, have) = app
        .read(async move |reader| -> ApiResult<_> {
            let cash = ledger::balance(reader, account.id, cash_asset).await?;
            let have = ledger::balance(reader, account.id, reserved.asset).await?;
            Ok((cash.unwrap_or(Balance::ZERO), have.unwrap_or(Balance::ZERO)))
        })
        .await?;
    let (amount, fee) = match (&execution, order.hold) {
        (Some(execution), _) => (Some(execution.amount), order.fee_for(execution, &fees)?),
        (None, Hold::Cash { amount, fees, .. }) => (Some(amount), fees),
        (None, Hold::Shares { .. }) => (None, Money::zero(account.currency)),
    };
    let cash = Money::new(cash.available(), account.currency);
    let after = match (side, amount) {
        (Side::Buy, Some(amount)) => cash.checked_sub(amount)?.checked_sub(fee)?,
        (Side::Sell, Some(amount)) => cash.checked_add(amount)?.checked_sub(fee)?,
        (_, None) => cash,
    };
    Ok(Answer(OrderPreview {
        symbol,
        side,
        qty: execution.as_ref().map_or(Quantity::ZERO, |fill| fill.qty),
        price: execution.as_ref().map(|fill| fill.price),
        amount,
        fee,
        buying_power_after: Some(after),
        fills_at_once: execution.as_ref().is_some_and(|fill| fill.completes),
        opens_at,
        affordable: have.available() >= reserved.amount,
    }))
}
