//! A thousand people at once: a connection each, 800 requests a second together, one in ten an order. They share the
//! stage's accounts.

use tokio::time::sleep;

use crate::{
    failure::{Done, Failure},
    lab::Lab,
    load::{Caller, Chance, Pace, Window},
    requests::{self, Ids},
    stage::Stage,
};

const CONNECTIONS: usize = 1_000;
const RATE: f64 = 800.0;
const P95_MS: f64 = 50.0;
const PEAK_MIB: f64 = 200.0;
/// What is read, and how many of a hundred requests read it. The rest are orders.
const READS: [(&str, u64); 4] = [
    ("/api/v1/portfolio", 30),
    ("/api/v1/orders", 20),
    ("/api/v1/assets/KO/quote", 20),
    ("/api/v1/auth/me", 20),
];

pub(super) async fn run(lab: &mut Lab<'_>, stage: &Stage) -> Done {
    check_room_for_connections(CONNECTIONS)?;
    let callers = (0..CONNECTIONS).map(|number| caller(stage, number)).collect();
    let window = lab.options.window();
    let (load, memory) = tokio::join!(
        stage.measure("1,000 people at 800/s", callers, Pace::Open(RATE), window),
        memory_by_tenths(stage, window),
    );
    let (load, memory) = (load?, memory?);
    let errors = if load.is_clean() {
        "no errors"
    } else {
        &load.errors
    };
    let figure = format!("p95 {:.1} ms at {:.0}/s, {errors}", load.p95_ms, load.rate);
    let met = load.p95_ms <= P95_MS && load.is_clean();
    lab.report.judge(
        "1,000 people at 800 requests/s, 10 % orders",
        figure,
        "p95 ≤ 50 ms, no errors",
        met,
    );
    let figure = format!("{:.0} MiB", load.peak_mib);
    lab.report.judge(
        "peak memory under the 1,000",
        figure,
        "≤ 200 MiB",
        load.peak_mib <= PEAK_MIB,
    );
    lab.report.loads.push(load);
    tell_growth(lab, &memory, window);
    Ok(())
}

/// Memory in use after each tenth of the measured time, in MiB.
async fn memory_by_tenths(stage: &Stage, window: Window) -> Done<Vec<f64>> {
    sleep(window.warm_up).await;
    let mut seen = Vec::new();
    for _ in 0..10 {
        sleep(window.measured / 10).await;
        seen.push(stage.process().memory()? as f64 / f64::from(1 << 20));
    }
    Ok(seen)
}

/// Whether memory grows is judged where there was time for it.
fn tell_growth(lab: &mut Lab<'_>, memory: &[f64], window: Window) {
    let tenths: Vec<String> = memory.iter().map(|mib| format!("{mib:.0}")).collect();
    lab.report.notes.push(format!(
        "memory after each tenth of the time, in MiB: {}",
        tenths.join(", ")
    ));
    let (Some(first), Some(last)) = (memory.first(), memory.last()) else {
        return;
    };
    let minutes = window.measured.as_secs() / 60;
    if minutes >= 10 {
        let figure = format!("{first:.0} MiB, then {last:.0} MiB");
        let what = format!("memory over {minutes} minutes of load");
        lab.report
            .judge(&what, figure, "flat, ± 10 %", *last <= first * 1.1);
    }
}

/// One of the thousand.
fn caller(stage: &Stage, number: usize) -> Caller {
    let person = &stage.people[number % stage.people.len()];
    let mut chance = Chance::new(number as u64);
    let mut buy = requests::buy(stage.address(), person, &stage.symbols, Ids::Rising);
    let mut reads: Vec<(Caller, u64)> = READS
        .iter()
        .map(|(path, share)| (requests::get(stage.address(), person, path), *share))
        .collect();
    Box::new(move |out| {
        let mut at = chance.next() % 100;
        for (read, share) in &mut reads {
            if at < *share {
                return read(out);
            }
            at -= *share;
        }
        buy(out)
    })
}

/// Each connection is an open file of ours.
pub(super) fn check_room_for_connections(connections: usize) -> Done {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let most: usize = line
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(usize::MAX);
    if most >= connections + 100 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{most} open files are too few for {connections} connections; raise `ulimit -n`"
    )))
}
