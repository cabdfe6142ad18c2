//! `POST /orders`, and its one-line forms `POST /portfolio/buy` and `/portfolio/sell`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{
    asset::Asset,
    currency::Currency,
    decimal::DecimalText,
    ids::{AccountId, OrderId},
    ledger::Balance,
    money::Money,
    orders::{ClientOrderId, Order, OrderSize, OrderTerms, OrderText, Side, hold_for},
    quote::Quote,
};
use utoipa::ToSchema;

use super::{
    events,
    execute::{Stage, meet_market},
    store,
    view::OrderView,
};
use crate::{
    app::App,
    core::{actor::Verified, change::Change, event::AuditEvent, once::Claim},
    features::{ledger, market},
    http::error::{ApiResult, Problem},
    security::signature::Signed,
};

/// What to trade, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceOrder {
    #[schema(example = "KO")]
    symbol: String,
    /// `buy` or `sell`
    side: String,
    /// Shares, with up to nine decimals; or `notional`.
    #[schema(value_type = Option<String>, example = "1.5")]
    qty: Option<DecimalText>,
    /// Cash to spend or raise, for market orders; or `qty`.
    #[schema(value_type = Option<String>)]
    notional: Option<DecimalText>,
    /// `market` or `limit`
    #[serde(rename = "type")]
    order_type: String,
    /// `day`, `gtc`, `ioc` or `fok`
    time_in_force: String,
    /// For limit orders.
    #[schema(value_type = Option<String>)]
    limit_price: Option<DecimalText>,
    /// Your own name for the order, unique in your account for ever.
    client_order_id: Option<String>,
}

/// What to buy or sell, at the market or at a limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TradeAsk {
    #[schema(example = "KO")]
    symbol: String,
    /// Shares, with up to nine decimals; or `notional`.
    #[schema(value_type = Option<String>, example = "2")]
    qty: Option<DecimalText>,
    /// Cash to spend or raise; or `qty`.
    #[schema(value_type = Option<String>)]
    notional: Option<DecimalText>,
    /// Makes it a limit order that waits until canceled.
    #[schema(value_type = Option<String>)]
    limit_price: Option<DecimalText>,
}

/// The answer to an order.
type Placed = (StatusCode, Json<OrderView>);

/// Places an order. Signed; an `Idempotency-Key` makes a repetition safe.
#[utoipa::path(
    post, path = "/orders", tag = "orders", request_body = PlaceOrder,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn place(
    State(app): State<App>,
    Signed { user, ask }: Signed<PlaceOrder>,
) -> ApiResult<Placed> {
    take(&app, &user, ask).await
}

/// Buys at the market, or at a limit. Signed.
#[utoipa::path(
    post, path = "/portfolio/buy", tag = "orders", request_body = TradeAsk,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn buy(State(app): State<App>, Signed { user, ask }: Signed<TradeAsk>) -> ApiResult<Placed> {
    take(&app, &user, ask.order(Side::Buy)).await
}

/// Sells at the market, or at a limit. Signed.
#[utoipa::path(
    post, path = "/portfolio/sell", tag = "orders", request_body = TradeAsk,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn sell(
    State(app): State<App>,
    Signed { user, ask }: Signed<TradeAsk>,
) -> ApiResult<Placed> {
    take(&app, &user, ask.order(Side::Sell)).await
}

impl TradeAsk {
    fn order(self, side: Side) -> PlaceOrder {
        let is_limit = self.limit_price.is_some();
        PlaceOrder {
            symbol: self.symbol,
            side: side.as_str().into(),
            qty: self.qty,
            notional: self.notional,
            order_type: if is_limit { "limit" } else { "market" }.into(),
            time_in_force: if is_limit { "gtc" } else { "day" }.into(),
            limit_price: self.limit_price,
            client_order_id: None,
        }
    }
}

impl PlaceOrder {
    pub(super) fn terms(&self, currency: Currency) -> ApiResult<OrderTerms> {
        Ok(OrderTerms::read(&OrderText {
            symbol: &self.symbol,
            currency,
            side: &self.side,
            order_type: &self.order_type,
            time_in_force: &self.time_in_force,
            qty: self.qty.as_ref().map(DecimalText::as_str),
            notional: self.notional.as_ref().map(DecimalText::as_str),
            limit_price: self.limit_price.as_ref().map(DecimalText::as_str),
        })?)
    }
}

async fn take(app: &App, user: &Verified, ask: PlaceOrder) -> ApiResult<Placed> {
    let account = ledger::account_of(app, user.id).await?;
    let terms = ask.terms(account.currency)?;
    let name: Option<ClientOrderId> = ask.client_order_id.as_deref().map(str::parse).transpose()?;
    let this = app.clone();
    let view = app
        .change(user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => OrderId::from_uuid(id),
                Claim::Done(id) => {
                    let view = store::view(change, account.id, OrderId::from_uuid(id)).await?;
                    return change.commit(AuditEvent::replayed(id), view);
                }
            };
            let trading = &this.config.trading;
            // Asked for only now: a repeated request gets its order even when there is no price.
            let quote = market::tradable_quote(&this, terms.symbol())?;
            let hold = hold_for(&terms, &quote, trading.collar_bps)?;
            check_worth(
                change,
                account.id,
                &terms,
                &quote,
                trading.smallest_order(account.currency),
            )
            .await?;
            let mut order = Order::new(id, account.id, name.clone(), terms, hold, change.now())?;
            order.accept(change.now())?;
            let fill = meet_market(change, &mut order, Stage::New, &quote, trading.liquidity()).await?;
            insert(change, &order, name.is_some()).await?;
            change.commit(
                events::placed(&order, fill.as_ref()),
                OrderView::new(&order, fill.as_slice()),
            )
        })
        .await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Amounts are rounded to the cent, so very small orders would be paid by the house, cent by cent. Only somebody who
/// sells all they have of something may sell less.
async fn check_worth(
    change: &mut Change<'_>,
    account: AccountId,
    terms: &OrderTerms,
    quote: &Quote,
    least: Money,
) -> ApiResult<()> {
    let price = terms.limit_price().unwrap_or(quote.last());
    let worth = match terms.size() {
        OrderSize::Cash(cash) => cash,
        OrderSize::Shares(shares) => price.times(shares, terms.currency())?,
    };
    if worth.minor() >= least.minor() {
        return Ok(());
    }
    if let (Side::Sell, OrderSize::Shares(shares)) = (terms.side(), terms.size()) {
        let asset = Asset::Security(terms.symbol());
        let balance = ledger::balance(change, account, asset)
            .await?
            .unwrap_or(Balance::ZERO);
        if worth.is_positive() && balance.available() == shares.nanos() && balance.held() == 0 {
            return Ok(());
        }
    }
    let detail = format!("an order must be worth {least} {} or more", least.currency());
    Err(Problem::unprocessable("order.too_small", detail).into())
}

/// A name that the customer chose may be taken; the order's own id cannot be, so nobody need wait for that answer.
async fn insert(change: &mut Change<'_>, order: &Order, is_named: bool) -> ApiResult<()> {
    let query = store::insert(order);
    if !is_named {
        return Ok(query.later(change)?);
    }
    if query.run(change).await? == 0 {
        let detail = format!(
            "there is already an order named {}",
            order.client_order_id.as_str()
        );
        return Err(Problem::conflict("order.client_order_id_taken", &*detail)
            .field("client_order_id", detail)
            .into());
    }
    Ok(())
}
