//! `POST /orders`, and its one-line forms `POST /portfolio/buy` and `/portfolio/sell`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{
    currency::Currency,
    decimal::DecimalText,
    ids::OrderId,
    orders::{ClientOrderId, Order, OrderTerms, OrderText, Side},
};
use utoipa::ToSchema;

use super::{
    assess,
    enter::{admit, enter},
    events,
    review::hold_for_review,
    store,
    view::{OrderView, noted},
};
use crate::{
    app::App,
    core::{actor::Verified, event::AuditEvent, once::Claim},
    features::ledger,
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
    /// `market`, `limit`, `stop` or `stop_limit`
    #[serde(rename = "type")]
    order_type: String,
    /// `day`, `gtc`, `ioc` or `fok`
    time_in_force: String,
    /// For `limit` and `stop_limit`.
    #[schema(value_type = Option<String>)]
    limit_price: Option<DecimalText>,
    /// For `stop` and `stop_limit`: the last price at which the order goes to the market.
    #[schema(value_type = Option<String>)]
    stop_price: Option<DecimalText>,
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

/// Places an order. Signed; an `Idempotency-Key` makes a repetition safe. A large one takes a step-up; one that is unlike its
/// owner waits for review, which 202 says.
#[utoipa::path(
    post, path = "/api/v1/orders", tag = "orders", request_body = PlaceOrder,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 202, body = OrderView), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn place(
    State(app): State<App>,
    Signed { user, ask }: Signed<PlaceOrder>,
) -> ApiResult<Placed> {
    take(&app, &user, ask).await
}

/// Buys at the market, or at a limit. Signed.
#[utoipa::path(
    post, path = "/api/v1/portfolio/buy", tag = "orders", request_body = TradeAsk,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 202, body = OrderView), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn buy(State(app): State<App>, Signed { user, ask }: Signed<TradeAsk>) -> ApiResult<Placed> {
    take(&app, &user, ask.order(Side::Buy)).await
}

/// Sells at the market, or at a limit. Signed.
#[utoipa::path(
    post, path = "/api/v1/portfolio/sell", tag = "orders", request_body = TradeAsk,
    extensions(("x-rate-limit" = json!("trade"))),
    responses((status = 201, body = OrderView), (status = 202, body = OrderView), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem))
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
            stop_price: None,
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
            stop_price: self.stop_price.as_ref().map(DecimalText::as_str),
        })?)
    }
}

async fn take(app: &App, user: &Verified, ask: PlaceOrder) -> ApiResult<Placed> {
    let account = ledger::account_of(app, user.id).await?;
    let terms = ask.terms(account.currency)?;
    let name: Option<ClientOrderId> = ask.client_order_id.as_deref().map(str::parse).transpose()?;
    let (by, this, foreseen) = (user.clone(), app.clone(), assess::foresee(app, user, &terms));
    let view = app
        .change(user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => OrderId::from_uuid(id),
                Claim::Done(id) => {
                    let view = store::view(change, account.id, OrderId::from_uuid(id)).await?;
                    let view = noted(change, by.id, view).await?;
                    return change.commit(AuditEvent::replayed(id), view);
                }
            };
            // Asked for only now: a repeated request gets its order even when there is no price.
            let (offer, hold) = admit(&this, change, account.id, &terms).await?;
            let mut order = Order::new(id, account.id, name.clone(), terms, hold, change.now())?;
            let judged = assess::judge(&this, change, &by, &order, &offer.quote, &foreseen).await?;
            let risk = judged.details();
            if judged.is_held() {
                let note = judged.hold(&this, change)?;
                let event = hold_for_review(change, &order, name.is_some(), Some(&risk)).await?;
                return change.commit(event, OrderView::new(&order, &[]).with(note));
            }
            let fill = enter(&this, change, &mut order, &offer, name.is_some()).await?;
            let note = judged.pass(change)?;
            let view = OrderView::new(&order, fill.as_slice()).with(note);
            change.commit(events::entered(&order, fill.as_ref(), Some(&risk)), view)
        })
        .await?;
    let status = match view.is_under_review() {
        true => StatusCode::ACCEPTED,
        false => StatusCode::CREATED,
    };
    Ok((status, Json(view)))
}
