//! `GET /api/admin/security/dashboard/transactions`: what was risky lately, how much of it there was in 24 hours, and what made
//! it so.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{follow, store};
use crate::{
    app::App,
    features::quarantine::{self, HeldState, NotableView, Only},
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// Hours that the figures are about, the present one included.
const HOURS: i64 = 24;

/// Rows of each list.
const MOST: i64 = 50;

/// The state of transactions.
#[derive(Serialize, ToSchema)]
pub(super) struct TransactionsDashboard {
    /// The figures count from here on: the beginning of an hour.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Orders, withdrawals and payees that were assessed.
    assessed: i64,
    /// Of these, with a score above the policy's threshold for high risk.
    high_risk: i64,
    /// Of these, held for review.
    held: i64,
    /// Let through by review.
    approved: i64,
    /// Stopped by review.
    rejected: i64,
    /// Not decided in time.
    expired: i64,
    /// Waiting now.
    waiting: i64,
    /// How often each rule added to a score, most first.
    by_anomaly: Vec<Anomaly>,
    /// The same figures by hour, oldest first; hours without any are missing.
    hours: Vec<RiskHourView>,
    /// Those that wait, newest first; 50 at most.
    queue: Vec<NotableView>,
    /// High risk, held or not, newest first; 50 at most.
    recent: Vec<NotableView>,
}

/// A rule and how often it added to a score.
#[derive(Serialize, ToSchema)]
struct Anomaly {
    #[schema(example = "unusual_amount")]
    rule: String,
    transactions: i64,
}

/// One hour.
#[derive(Default, Serialize, ToSchema)]
struct RiskHourView {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    assessed: i64,
    high_risk: i64,
    held: i64,
}

/// High-risk and held transactions, figures of 24 hours, and what made them risky.
#[utoipa::path(
    get, path = "/api/admin/security/dashboard/transactions", tag = "operations desk",
    responses((status = 200, body = TransactionsDashboard), (status = 403, body = Problem))
)]
pub(super) async fn show(
    State(app): State<App>,
    _reader: AuditReader,
) -> ApiResult<Json<TransactionsDashboard>> {
    let first = follow::hour(app.clock.now()) - HOURS + 1;
    let found: DbResult<_> = app
        .read(async move |reader| {
            let waiting = Only {
                state: Some(HeldState::Open),
                ..Only::default()
            };
            Ok((
                store::since(reader, first).await?,
                quarantine::count_open(reader).await?,
                quarantine::list(reader, &waiting, MOST).await?,
                quarantine::list(reader, &Only::default(), MOST).await?,
            ))
        })
        .await;
    let (counts, waiting, queue, recent) = found?;
    let total = |name: &str| -> i64 {
        let named = counts.iter().filter(|(_, known, _)| known == name);
        named.map(|(.., count)| count).sum()
    };
    Ok(Json(TransactionsDashboard {
        since: start_of(first),
        assessed: total("assessed"),
        high_risk: total("high_risk"),
        held: total("held"),
        approved: total("review.approved"),
        rejected: total("review.rejected"),
        expired: total("review.expired"),
        waiting,
        by_anomaly: anomalies(&counts),
        hours: hours(&counts),
        queue: queue.iter().map(NotableView::from).collect(),
        recent: recent.iter().map(NotableView::from).collect(),
    }))
}

fn anomalies(counts: &[(i64, String, i64)]) -> Vec<Anomaly> {
    let mut rules: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, name, count) in counts {
        if let Some(rule) = name.strip_prefix("rule.") {
            *rules.entry(rule).or_default() += count;
        }
    }
    let anomaly = |(rule, transactions): (&str, i64)| Anomaly {
        rule: rule.to_owned(),
        transactions,
    };
    let mut anomalies: Vec<Anomaly> = rules.into_iter().map(anomaly).collect();
    anomalies.sort_by_key(|anomaly| std::cmp::Reverse(anomaly.transactions));
    anomalies
}

fn hours(counts: &[(i64, String, i64)]) -> Vec<RiskHourView> {
    let mut hours: BTreeMap<i64, RiskHourView> = BTreeMap::new();
    for (hour, name, count) in counts {
        let view = hours.entry(*hour).or_insert_with(|| RiskHourView {
            from: start_of(*hour),
            ..RiskHourView::default()
        });
        match name.as_str() {
            "assessed" => view.assessed += count,
            "high_risk" => view.high_risk += count,
            "held" => view.held += count,
            _ => {}
        }
    }
    hours.into_values().collect()
}

fn start_of(hour: i64) -> Timestamp {
    Timestamp::from_second(hour.saturating_mul(3_600)).unwrap_or(Timestamp::UNIX_EPOCH)
}
