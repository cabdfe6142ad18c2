//! A thousand people at once: a connection each, 800 requests a second together, one in ten an order. They share the
//! stage's accounts.

use crate::{
    failure::{Done, Failure},
    lab::Lab,
    load::{Caller, Chance, Pace},
    requests,
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
    let load = stage
        .measure(
            "1,000 people at 800/s",
            callers,
            Pace::Open(RATE),
            lab.options.window(),
        )
        .await?;
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
    Ok(())
}

/// One of the thousand.
fn caller(stage: &Stage, number: usize) -> Caller {
    let person = &stage.people[number % stage.people.len()];
    let mut chance = Chance::new(number as u64);
    let mut buy = requests::buy(stage.address(), person, &stage.symbols);
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
