//! The loop that times a function.

use std::{hint::black_box, time::Duration};

use crate::{now, report::Report};

const ROUNDS: usize = 31;
const ROUND: Duration = Duration::from_millis(10);

/// How long one call takes: the median over rounds of many calls.
pub(super) fn time<T>(mut call: impl FnMut() -> T) -> Duration {
    let mut calls = 1_u32;
    while round(calls, &mut call) < ROUND {
        calls = calls.saturating_mul(2);
    }
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| round(calls, &mut call) / calls).collect();
    rounds.sort_unstable();
    rounds[ROUNDS / 2]
}

fn round<T>(calls: u32, call: &mut impl FnMut() -> T) -> Duration {
    let start = now::elapsed();
    for _ in 0..calls {
        black_box(call());
    }
    now::elapsed() - start
}

/// Times a function that must not take longer than this.
pub(super) fn judge<T>(report: &mut Report, what: &str, most: Duration, call: impl FnMut() -> T) {
    let took = time(call);
    report.judge(what, text(took), &format!("≤ {}", text(most)), took <= most);
}

/// Times a function that handles `count` things at once and must reach so many a second.
pub(super) fn judge_rate<T>(
    report: &mut Report,
    what: &str,
    count: usize,
    least: f64,
    call: impl FnMut() -> T,
) {
    let rate = count as f64 / time(call).as_secs_f64();
    report.judge(
        what,
        format!("{} thousand/s", (rate / 1e3).round()),
        &format!("≥ {} thousand/s", least / 1e3),
        rate >= least,
    );
}

pub(super) fn text(time: Duration) -> String {
    match time.as_nanos() {
        nanos @ 0..1_000 => format!("{nanos} ns"),
        nanos => format!("{:.2} µs", nanos as f64 / 1e3),
    }
}
