//! `GET /predictions/scoreboard`: how every model did on every symbol.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_forecasts::{Model, ModelReport, Verdict};
use stockade_platform::db::{DbResult, Reader};
use utoipa::{IntoParams, ToSchema};

use super::{
    document::figure,
    predict::checked,
    store::{self, Stored},
};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::{error::ApiResult, query::Query},
};

/// Days ahead when none are asked for.
const USUAL: usize = 1;

/// Which scoreboard.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoreboardAsk {
    /// Days of the market ahead, 1 to 10; 1 if absent.
    horizon: Option<usize>,
}

/// How one model did on one symbol at one horizon.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelScore {
    /// `last_price`, `drift`, `ets`, `autoregression` or `boosted_trees`.
    #[schema(value_type = String)]
    model: Model,
    /// Forecasts of the past that were scored, each made from what was known on its day.
    n: usize,
    /// Mean absolute error in units of the last price's usual error in the 500 days before.
    mase: f64,
    /// Mean pinball loss over the bounds of both intervals and the median, in percent of the price.
    pinball_loss: f64,
    /// The share of closes inside the 80 % interval.
    coverage_80: f64,
    /// The share of closes inside the 95 % interval.
    coverage_95: f64,
    /// The statistic of Diebold and Mariano against the last price; positive when this model is better.
    dm_statistic: Option<f64>,
    /// How likely so large a statistic is by luck.
    p_value: Option<f64>,
    /// A model is used instead of the last price when its p-value is below this.
    significance: f64,
    /// `chosen`, `chosen_by_default`, `beaten`, `not_better`, `not_significant` or `another_is_better`.
    #[schema(value_type = String)]
    verdict: Verdict,
}

/// The models on one symbol.
#[derive(Serialize, ToSchema)]
pub(super) struct SymbolScores {
    symbol: String,
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// The model in use.
    #[schema(value_type = String)]
    model: Model,
    /// All of them, the last price first.
    models: Vec<ModelScore>,
}

/// One model over all symbols.
#[derive(Serialize, ToSchema)]
pub(super) struct OverallScore {
    #[schema(value_type = String)]
    model: Model,
    /// Symbols that it is used for.
    used_for: usize,
    /// Scored forecasts of all symbols together.
    n: usize,
    /// Means over all forecasts.
    mase: f64,
    pinball_loss: f64,
    coverage_80: f64,
    coverage_95: f64,
}

/// The models on every symbol.
#[derive(Serialize, ToSchema)]
pub(super) struct Scoreboard {
    /// Days ahead.
    horizon: i64,
    /// Symbols that have a forecast, by name.
    items: Vec<SymbolScores>,
    /// All symbols taken together, a model each; empty while there are no forecasts.
    overall: Vec<OverallScore>,
    /// Where the prices come from.
    feed: &'static str,
    /// Always null: all symbols are in one answer.
    next_cursor: Option<String>,
}

/// How every model did on every symbol's past.
#[utoipa::path(get, path = "/api/v1/predictions/scoreboard", tag = "market", params(ScoreboardAsk),
    responses((status = 200, body = Scoreboard)))]
pub(super) async fn scoreboard(
    _: SignedIn,
    State(app): State<App>,
    Query(ask): Query<ScoreboardAsk>,
) -> ApiResult<Json<Scoreboard>> {
    let horizon = checked(ask.horizon.unwrap_or(USUAL))?;
    let stored: DbResult<Vec<Stored>> = app
        .read(async move |reader: &mut Reader| store::all(reader, horizon).await)
        .await;
    let stored = stored?;
    Ok(Json(Scoreboard {
        horizon,
        overall: overall(&stored),
        items: stored.iter().map(scores).collect(),
        feed: app.market.label(),
        next_cursor: None,
    }))
}

impl ModelScore {
    pub(super) fn new(of: &ModelReport, significance: f64) -> Self {
        Self {
            model: of.model,
            n: of.n,
            mase: figure(of.mase),
            pinball_loss: figure(of.pinball_loss),
            coverage_80: figure(of.coverage_80),
            coverage_95: figure(of.coverage_95),
            dm_statistic: of.against_last_price.map(|found| figure(found.statistic)),
            p_value: of.against_last_price.map(|found| figure(found.p_value)),
            significance,
            verdict: of.verdict,
        }
    }
}

fn scores(stored: &Stored) -> SymbolScores {
    let report = &stored.document.report;
    let models = report.models.iter();
    SymbolScores {
        symbol: stored.symbol.clone(),
        as_of: stored.as_of,
        model: report.chosen,
        models: models
            .map(|model| ModelScore::new(model, report.significance))
            .collect(),
    }
}

fn overall(stored: &[Stored]) -> Vec<OverallScore> {
    if stored.is_empty() {
        return Vec::new();
    }
    let of = |model: Model| {
        let reports = || {
            let all = stored.iter().flat_map(|stored| &stored.document.report.models);
            all.filter(move |report| report.model == model)
        };
        let n: usize = reports().map(|report| report.n).sum();
        let mean = |figure_of: fn(&ModelReport) -> f64| {
            let sum: f64 = reports().map(|report| figure_of(report) * report.n as f64).sum();
            figure(sum / n.max(1) as f64)
        };
        let used = stored
            .iter()
            .filter(|stored| stored.document.report.chosen == model);
        OverallScore {
            model,
            used_for: used.count(),
            n,
            mase: mean(|report| report.mase),
            pinball_loss: mean(|report| report.pinball_loss),
            coverage_80: mean(|report| report.coverage_80),
            coverage_95: mean(|report| report.coverage_95),
        }
    };
    Model::ALL.map(of).into()
}
