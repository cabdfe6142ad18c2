//! Signed market orders on the full path: as many as the server takes, with ids that rise, as the API's guide advises, and
//! for comparison with random ones, then half of that at random times.

use std::time::Duration;

use crate::{
    failure::Done, lab::Lab, load::Pace, options::Side, report::mib, requests::Ids, stage::Stage,
    target::Process,
};

use super::lag;

/// The Python stack's signed orders a second, measured once on two cores of such a machine.
const PYTHON: f64 = 245.0;
/// Longest time to answer 99 of 100 orders at half load, in milliseconds.
const CALM_P99_MS: f64 = 25.0;

pub(super) async fn run(lab: &mut Lab<'_>, stage: &mut Stage, side: Side) -> Done {
    let window = lab.options.window();
    let process = stage.server.process();
    let (cpu_before, lag) = (process.cpu_by_thread(), lag::Probe::start(stage).await?);
    let full = stage
        .measure_orders("signed orders", Ids::Rising, Pace::Closed, window)
        .await?;
    let lag = lag.finish().await;
    lab.report.notes.push(format!(
        "{}, by thread: {}",
        full.name,
        by_thread(&cpu_before, &process)
    ));
    let random = stage
        .measure_orders("signed orders with random ids", Ids::Random, Pace::Closed, window)
        .await?;
    let half = stage
        .measure_orders(
            "signed orders at half load",
            Ids::Rising,
            Pace::Open(full.rate / 2.0),
            window,
        )
        .await?;

    let (must, least, must_times, least_times) = match side {
        Side::Embedded => ("≥ 5,000/s, aim 8,000/s", 5_000.0, "≥ 15× Python", 15.0),
        Side::Servers => ("≥ 1,200/s, aim 2,000/s", 1_200.0, "≥ 5× Python", 5.0),
    };
    let times = full.rate / PYTHON;
    let bare = lab.bare;
    let of_bare = |rate: f64| bare.map(|bare| format!(", {:.1} % of bare", rate / bare * 100.0));
    let name = stage.name;
    let report = &mut lab.report;
    report.judge(
        &full.name,
        format!("{:.0}/s{}", full.rate, of_bare(full.rate).unwrap_or_default()),
        must,
        full.rate >= least && full.is_clean(),
    );
    report.judge(
        format!("signed orders against Python, {name}"),
        format!("{times:.0}×"),
        must_times,
        times >= least_times,
    );
    let met = half.p99_ms <= CALM_P99_MS && half.is_clean();
    let figure = format!("{:.1} ms at {:.0}/s", half.p99_ms, half.rate);
    report.judge(format!("order p99 at half load, {name}"), figure, "≤ 25 ms", met);
    if let Some(p99) = lag {
        let must = "≤ 200 ms";
        let met = p99 <= Duration::from_millis(200);
        report.judge(
            format!("numbering lag p99 under full order load, {name}"),
            format!("{} ms", p99.as_millis()),
            must,
            met,
        );
    }
    let (own, mapped) = process.memory_by_kind()?;
    let memory = format!(
        "{:.0} MiB of its own, {:.0} MiB of mapped files",
        mib(own),
        mib(mapped)
    );
    report
        .notes
        .push(format!("{}, memory afterwards: {memory}", half.name));
    report.loads.extend([full, random, half]);
    Ok(())
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
