//! Signed market orders on the full path: as many as the server takes, then half of that at random times, in rounds, of which
//! the median counts: the machine is not the same from one minute to the next. Ids rise, as the API's guide advises; random
//! ones are measured at the end, for comparison.

use std::time::Duration;

use crate::{
    failure::Done,
    lab::Lab,
    load::Pace,
    options::Side,
    report::{Load, Report, mib},
    requests::Ids,
    stage::Stage,
    target::Process,
};

use super::lag;

/// The Python stack's signed orders a second, measured once on two cores of such a machine.
const PYTHON: f64 = 245.0;
/// Longest time to answer 99 of 100 orders at half load, in milliseconds; asked of the embedded database alone.
const CALM_P99_MS: f64 = 25.0;
/// An odd number, so that one of them is the median.
const ROUNDS: usize = 3;

/// One round's loads.
struct Round {
    full: Load,
    /// How old entries grew under full load before they were numbered, where that is a job of its own.
    lag: Option<Duration>,
    half: Load,
}

pub(super) async fn run(lab: &mut Lab<'_>, stage: &mut Stage, side: Side) -> Done {
    let window = lab.options.window();
    let process = stage.server.process();
    let cpu_before = process.cpu_by_thread();
    let mut rounds = Vec::with_capacity(ROUNDS);
    for number in 1..=ROUNDS {
        let lag = lag::Probe::start(stage).await?;
        let what = format!("signed orders, round {number}");
        let full = stage
            .measure_orders(&what, Ids::Rising, Pace::Closed, window)
            .await?;
        let lag = lag.finish().await;
        let what = format!("signed orders at half load, round {number}");
        let pace = Pace::Open(full.rate / 2.0);
        let half = stage.measure_orders(&what, Ids::Rising, pace, window).await?;
        rounds.push(Round { full, lag, half });
    }
    let by_thread = by_thread(&cpu_before, &process);
    let random = stage
        .measure_orders("signed orders with random ids", Ids::Random, Pace::Closed, window)
        .await?;

    let bare = lab.bare;
    let report = &mut lab.report;
    judge(report, stage.name, side, &rounds, bare);
    report
        .notes
        .push(format!("signed orders, {}, by thread: {by_thread}", stage.name));
    let (own, mapped) = process.memory_by_kind()?;
    report.notes.push(format!(
        "signed orders, {}, memory afterwards: {:.0} MiB of its own, {:.0} MiB of mapped files",
        stage.name,
        mib(own),
        mib(mapped)
    ));
    for round in rounds {
        report.loads.extend([round.full, round.half]);
    }
    report.loads.push(random);
    Ok(())
}

fn judge(report: &mut Report, name: &str, side: Side, rounds: &[Round], bare: Option<f64>) {
    let (must, least, must_times, least_times) = match side {
        Side::Embedded => ("≥ 5,000/s, aim 8,000/s", 5_000.0, "≥ 15× Python", 15.0),
        Side::Servers => ("≥ 1,200/s, aim 2,000/s", 1_200.0, "≥ 5× Python", 5.0),
    };
    let is_clean = rounds
        .iter()
        .all(|round| round.full.is_clean() && round.half.is_clean());
    let (rate, rates) = median(rounds.iter().map(|round| round.full.rate));
    let of_bare = bare.map(|bare| format!(", {:.1} % of bare", rate / bare * 100.0));
    report.judge(
        format!("signed orders, {name}"),
        format!("{rate:.0}/s{} ({rates})", of_bare.unwrap_or_default()),
        must,
        rate >= least && is_clean,
    );
    let times = rate / PYTHON;
    report.judge(
        format!("signed orders against Python, {name}"),
        format!("{times:.1}×"),
        must_times,
        times >= least_times,
    );
    let (p99, all) = median(rounds.iter().map(|round| round.half.p99_ms));
    let (what, figure) = (
        format!("order p99 at half load, {name}"),
        format!("{p99:.1} ms ({all})"),
    );
    match side {
        Side::Embedded => report.judge(what, figure, "≤ 25 ms", p99 <= CALM_P99_MS && is_clean),
        Side::Servers => report.tell(what, figure),
    }
    let lags = rounds.iter().filter_map(|round| round.lag);
    if let Some(slowest) = lags.max() {
        report.judge(
            format!("numbering lag p99 under full order load, {name}"),
            format!("{} ms", slowest.as_millis()),
            "≤ 200 ms",
            slowest <= Duration::from_millis(200),
        );
    }
}

/// The middle one of an odd number of figures, and all of them as they came, in words.
fn median(figures: impl Iterator<Item = f64>) -> (f64, String) {
    let mut figures: Vec<f64> = figures.collect();
    let all: Vec<String> = figures.iter().map(|figure| format!("{figure:.0}")).collect();
    figures.sort_by(f64::total_cmp);
    (figures[figures.len() / 2], format!("of {}", all.join(", ")))
}

/// Where the server's processor time went, in shares of the whole.
fn by_thread(before: &[(String, Duration)], process: &Process) -> String {
    let earlier = |name: &str| {
        before
            .iter()
            .find(|(found, _)| found == name)
            .map_or(Duration::ZERO, |(_, time)| *time)
    };
    let spent: Vec<(String, f64)> = process
        .cpu_by_thread()
        .into_iter()
        .map(|(name, time)| {
            let spent = time.saturating_sub(earlier(&name)).as_secs_f64();
            (name, spent)
        })
        .collect();
    let all = spent
        .iter()
        .map(|(_, seconds)| seconds)
        .sum::<f64>()
        .max(f64::MIN_POSITIVE);
    let shares = spent
        .iter()
        .map(|(name, seconds)| (name, seconds / all * 100.0))
        .filter(|(_, share)| *share >= 1.0);
    shares
        .map(|(name, share)| format!("{name} {share:.0} %"))
        .collect::<Vec<_>>()
        .join(", ")
}
