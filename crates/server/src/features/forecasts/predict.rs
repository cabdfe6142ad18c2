//! `GET /predictions/{symbol}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use stockade_domain::price::Price;
use stockade_forecasts::{LONGEST_HORIZON, Model, Past, SHORTEST};
use stockade_platform::db::{DbResult, Reader};
use utoipa::{IntoParams, ToSchema};

use super::{
    document::{Document, estimate, interval},
    scoreboard::ModelScore,
    store::{self, Stored},
};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::market,
    http::{
        error::{ApiResult, Problem},
        query::Query,
    },
};

/// Days ahead when none are asked for.
const USUAL: usize = 5;

/// Said with every forecast.
const NOTE: &str = "Intervals are what is claimed: over many forecasts, as many closes lie inside as the interval says. \
                    Whether a price rises or falls is not predicted. This is no advice.";

/// How far ahead.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// Days of the market ahead, 1 to 10; 5 if absent.
    horizon: Option<usize>,
}

/// Where a price may go, a step a day, by the model that may be relied on most, with that model's record.
#[derive(Serialize, ToSchema)]
pub(super) struct PredictionView {
    #[schema(value_type = String)]
    symbol: String,
    /// The end of the last day that it is made from.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// Days ahead.
    horizon: usize,
    /// `last_price`, `drift`, `ets`, `autoregression` or `boosted_trees`.
    #[schema(value_type = String)]
    model: Model,
    /// What every model must beat.
    #[schema(value_type = String)]
    baseline: Model,
    /// The last close.
    #[schema(value_type = String)]
    last: Price,
    /// The median, a day each.
    #[schema(value_type = Vec<String>)]
    point: Vec<Price>,
    /// Lower and upper bound, a day each; four closes in five are meant to lie inside.
    #[schema(value_type = Vec<Vec<String>>)]
    interval_80: Vec<[Price; 2]>,
    /// Lower and upper bound, a day each; nineteen closes in twenty are meant to lie inside.
    #[schema(value_type = Vec<Vec<String>>)]
    interval_95: Vec<[Price; 2]>,
    /// How the model did on this symbol at this horizon.
    track_record: ModelScore,
    /// How all of them did, and why the others are not used.
    candidates: Vec<ModelScore>,
    /// What the model forecast for the last days, so many days before each, and what came; oldest first.
    past: Vec<PastView>,
    /// Where the prices come from.
    feed: &'static str,
    /// How to read it.
    note: &'static str,
}

/// A forecast of the past beside what came.
#[derive(Serialize, ToSchema)]
pub(super) struct PastView {
    /// The day that it was for.
    #[schema(value_type = String, format = Date)]
    day: Date,
    #[schema(value_type = String)]
    point: Price,
    #[schema(value_type = Vec<String>)]
    interval_80: [Price; 2],
    #[schema(value_type = Vec<String>)]
    interval_95: [Price; 2],
    /// What came.
    #[schema(value_type = String)]
    close: Price,
}

/// Where a price may go in the next days, with how often such forecasts were right.
#[utoipa::path(get, path = "/api/v1/predictions/{symbol}", tag = "market", params(("symbol" = String, Path), Ask),
    responses((status = 200, body = PredictionView), (status = 404, body = Problem)))]
pub(super) async fn predict(
    _: SignedIn,
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<PredictionView>> {
    let symbol = market::in_path(&app, &symbol)?.symbol.to_string();
    let horizon = checked(ask.horizon.unwrap_or(USUAL))?;
    let asked = symbol.clone();
    let found: DbResult<_> = app
        .read(async move |reader: &mut Reader| {
            let newest = store::newest(reader, &asked, horizon).await?;
            Ok((newest, store::closes(reader, &asked).await?))
        })
        .await;
    match found? {
        (Some(stored), _) => Ok(Json(view(stored, app.market.label()))),
        (None, Some(closes)) => {
            let why = format!("{symbol} has {closes} daily closes; a forecast needs {SHORTEST}");
            Err(Problem::not_found("prediction.too_few_prices", why).into())
        }
        (None, None) => {
            let why = format!("the forecasts of {symbol} are still being made");
            Err(Problem::not_found("prediction.not_ready", why)
                .retry_after(30)
                .into())
        }
    }
}

/// The horizon, if forecasts reach so far.
pub(super) fn checked(horizon: usize) -> ApiResult<i64> {
    if (1..=LONGEST_HORIZON).contains(&horizon) {
        return Ok(horizon as i64);
    }
    let why = format!("a horizon is 1 to {LONGEST_HORIZON} days");
    Err(Problem::unprocessable("prediction.unknown_horizon", why)
        .field("horizon", format!("is not 1 to {LONGEST_HORIZON}"))
        .into())
}

fn view(
    Stored {
        symbol,
        as_of,
        document,
    }: Stored,
    feed: &'static str,
) -> PredictionView {
    let Document {
        last,
        report,
        path,
        past,
        ..
    } = document;
    let score = |model| ModelScore::new(model, report.significance);
    let used = report.models.iter().find(|model| model.model == report.chosen);
    PredictionView {
        symbol,
        as_of,
        horizon: report.horizon,
        model: report.chosen,
        baseline: Model::BASELINE,
        last: estimate(last),
        point: path.iter().map(|step| estimate(step.point)).collect(),
        interval_80: path.iter().map(|step| interval(step.interval_80)).collect(),
        interval_95: path.iter().map(|step| interval(step.interval_95)).collect(),
        track_record: score(used.unwrap_or(&report.models[0])),
        candidates: report.models.iter().map(score).collect(),
        past: past.into_iter().map(PastView::from).collect(),
        feed,
        note: NOTE,
    }
}

impl From<Past> for PastView {
    fn from(Past { day, forecast, close }: Past) -> Self {
        Self {
            day,
            point: estimate(forecast.point),
            interval_80: interval(forecast.interval_80),
            interval_95: interval(forecast.interval_95),
            close: estimate(close),
        }
    }
}
