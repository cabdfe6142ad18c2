//! `GET /portfolio/performance`: how an account did over a period, and what it was worth on the way.
//!
//! Past days come from their rows, today from the present; the figures are [`stockade_domain::performance`]'s. What
//! cannot be computed says why, and is never zero.

mod figures;
mod period;
mod series;
mod view;

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Deserialize;
use stockade_platform::db::Reader;
use utoipa::IntoParams;

use self::{
    period::Period,
    series::{Past, Series},
    view::PerformanceView,
};
use super::{
    history,
    value::{Prices, day_of, latest, series as daily_values, start_of},
};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::ledger::{self, Account},
    http::{
        error::{ApiError, ApiResult},
        query::Query,
    },
};

/// Which stretch of time.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// `1d`, `1w`, `1m`, `3m`, `1y`, `ytd` or `all`; `1m` if absent.
    period: Option<String>,
}

/// Value, returns and risk over a period that ends now.
#[utoipa::path(
    get, path = "/api/v1/portfolio/performance", tag = "portfolio", params(Ask),
    responses((status = 200, body = PerformanceView), (status = 422, body = crate::http::error::Problem))
)]
pub(super) async fn performance(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<PerformanceView>> {
    let period = match ask.period.as_deref() {
        None => Period::Month,
        Some(word) => word.parse().map_err(|why| ApiError::refusal(&why))?,
    };
    let account = ledger::account_of(&app, user.id).await?;
    let now = app.clock.now();
    let past = read(&app, account, period, now).await?;
    let mut prices = Prices::new(&app);
    let series = match period.is_intraday() {
        true => Series::hourly(&app, &prices, account.currency, past, now),
        false => Series::daily(&app, &mut prices, account.currency, past, period.begins(now), now),
    };
    Ok(Json(view::view(
        &app,
        &mut prices,
        account.currency,
        period,
        &series,
        now,
    )))
}

/// What the period is made from, out of one snapshot.
async fn read(app: &App, account: Account, period: Period, now: Timestamp) -> ApiResult<Past> {
    let begins = period.begins(now);
    let seen = app.clone();
    app.read(async move |reader: &mut Reader| {
        // Within a day the hours are counted from what was there when the day before began to be over.
        let upto = if period.is_intraday() {
            begins - 1
        } else {
            day_of(now)
        };
        let last = latest(reader, account.id, upto).await?;
        let days = match (period.is_intraday(), latest(reader, account.id, begins).await?) {
            (true, _) => Vec::new(),
            (false, base) => {
                let rest = daily_values(reader, account.id, begins).await?;
                base.into_iter().chain(rest).collect()
            }
        };
        let from = last.as_ref().map_or(0, |last| last.day + 1);
        let entries = history::since(&seen, reader, account.id, start_of(from)).await?;
        Ok(Past { days, last, entries })
    })
    .await
}
