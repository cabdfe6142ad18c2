//! Whether an order costs the same once there are many, how fast a risk policy is tried on them, and how fast the desk is
//! over them. On a server of its own, which begins empty.

use std::time::Duration;

use super::desk;
use crate::{
    failure::Done,
    lab::Lab,
    load::{Pace, Window},
    options::Side,
    requests::Ids,
    stage::Stage,
    target::backtest,
};

/// How far the cost may differ.
const TOLERANCE: f64 = 0.10;
/// The orders between the two measurements come in portions of this length.
const PORTION: Window = Window {
    warm_up: Duration::ZERO,
    measured: Duration::from_secs(5),
};

pub(super) async fn run(lab: &mut Lab<'_>) -> Done {
    let mut stage = Stage::open(lab, Side::Embedded).await?;
    let window = lab.options.window();
    let first = stage
        .measure_orders("orders, the first", Ids::Rising, Pace::Closed, window)
        .await?;
    let mut between = 0;
    while between < lab.options.growth * 1000 {
        between += stage
            .measure_orders("orders in between", Ids::Rising, Pace::Closed, PORTION)
            .await?
            .acknowledged;
    }
    let last = stage
        .measure_orders("orders, the last", Ids::Rising, Pace::Closed, window)
        .await?;
    let stored = first.acknowledged + between + last.acknowledged;
    let cost = last.cpu_s_per_1000.unwrap_or_default() / first.cpu_s_per_1000.unwrap_or_default();
    let clean = first.is_clean() && last.is_clean();
    let what = format!("cost of an order after {} thousand", stored / 1000);
    let figure = format!(
        "{:.2}× the processor time, {:.2}× the rate",
        cost,
        last.rate / first.rate
    );
    lab.report
        .judge(what, figure, "± 10 %", (cost - 1.0).abs() <= TOLERANCE && clean);
    lab.report.loads.extend([first, last]);
    desk::judge(lab, &stage, stored).await?;
    let (events, took) = backtest(&stage.settings)?;
    let a_million = took.as_secs_f64() * 1e6 / events.max(1) as f64;
    lab.report.judge(
        format!("backtest of {} thousand events", events / 1000),
        format!("{:.1} s, {a_million:.1} s a million", took.as_secs_f64()),
        "< 10 s a million",
        a_million < 10.0,
    );
    stage.close(lab).await
}
