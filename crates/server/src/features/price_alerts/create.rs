//! `POST /price-alerts`: waits for a price that has not been met yet.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{amounts, decimal::DecimalText, price::Price, symbol::Symbol};
use utoipa::ToSchema;

use super::{
    events,
    list::PriceAlertView,
    store::{self, Alert},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::market,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Alerts that somebody may have waiting.
const MOST: i64 = 100;

/// What to wait for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatePriceAlert {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    condition: PriceCondition,
    #[schema(value_type = String, example = "65.00")]
    price: DecimalText,
}

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PriceCondition {
    /// The last price rises to `price`.
    Above,
    /// The last price falls to `price`.
    Below,
}

#[utoipa::path(
    post, path = "/api/v1/price-alerts", tag = "market", request_body = CreatePriceAlert,
    extensions(("x-rate-limit" = json!("write"))),
    responses(
        (status = 201, body = PriceAlertView),
        (status = 409, body = Problem, description = "`price_alert.too_many`"),
        (status = 422, body = Problem, description = "`price_alert.already_met`, or what is wrong with the request"),
    )
)]
pub(super) async fn create(
    user: SignedIn,
    State(app): State<App>,
    Json(ask): Json<CreatePriceAlert>,
) -> ApiResult<(StatusCode, Answer<PriceAlertView>)> {
    let price = amounts::price("price", ask.price.as_str())?;
    market::listed(&app, ask.symbol)?;
    let last = market::quote(&app, ask.symbol)?.last();
    let owner = user.id;
    let alert = app
        .change(&user, async move |change: &mut Change<'_>| {
            let alert = Alert {
                id: change.new_id(),
                owner,
                symbol: ask.symbol,
                above: ask.condition == PriceCondition::Above,
                price,
                created_at: change.now(),
                fired_at: None,
                fired_price: None,
            };
            if alert.is_met_by(last) {
                return Err(already_met(&alert, last).into());
            }
            if store::waiting_count(change, owner).await? >= MOST {
                let detail = format!("you have {MOST} alerts waiting; delete one first");
                return Err(Problem::conflict("price_alert.too_many", detail).into());
            }
            store::insert(change, &alert)?;
            change.commit(events::created(&alert), alert)
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(alert.into())))
}

fn already_met(alert: &Alert, last: Price) -> Problem {
    let (symbol, condition, price) = (alert.symbol, alert.condition(), alert.price);
    let detail = format!("{symbol} is at {last}, which is {condition} {price} or at it already");
    Problem::unprocessable("price_alert.already_met", detail).field("price", "has been met already")
}
