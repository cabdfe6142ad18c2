//! Ten thousand subscribers of the stream of prices, each to every share: what a quote takes from its tick to a
//! subscriber. The tick's instant is the quote's `seq`, in milliseconds, and the clock is this machine's own.

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use tokio::{
    task::{JoinSet, LocalSet},
    time::sleep,
};

use crate::{
    failure::{Done, Failure},
    lab::Lab,
    load::{Heard, Histogram, Subscriber},
    now,
    options::Side,
    report::{Load, mib},
    requests,
    stage::Stage,
};

const SUBSCRIBERS: usize = 10_000;
/// Handshakes under way at once.
const AT_ONCE: usize = 64;
const P99_MS: f64 = 250.0;
/// What the server must be told to let one machine be so many clients.
const SETTINGS: [(&str, &str); 3] = [
    ("STOCKADE_SERVER__MAX_CONNECTIONS", "16000"),
    ("STOCKADE_SERVER__CONNECTIONS_PER_ADDRESS", "16000"),
    ("STOCKADE_STREAM__CONNECTIONS_PER_PERSON", "10000"),
];

pub(super) async fn run(lab: &mut Lab<'_>, side: Side) -> Done {
    super::crowd::check_room_for_connections(SUBSCRIBERS)?;
    let stage = Stage::open_with(lab, side, &SETTINGS).await?;
    let before = stage.server.process().memory()?;
    let heard = Rc::new(RefCell::new(Heard::default()));
    let local = LocalSet::new();
    let load = local.run_until(listen(lab, &stage, &heard)).await?;
    let (p99, peak) = (load.p99_ms, load.peak_mib);
    let each = (peak - mib(before)) * 1024.0 / SUBSCRIBERS as f64;
    lab.report.judge(
        format!(
            "{SUBSCRIBERS} subscribers, each to {} shares that tick once a second, {}",
            stage.symbols.len(),
            stage.name
        ),
        format!("p99 {p99:.0} ms at {:.0} quotes/s, {}", load.rate, lost(&load)),
        "p99 ≤ 250 ms at 20 ticks/s, none lost",
        p99 <= P99_MS && load.is_clean(),
    );
    lab.report.tell(
        format!("peak memory with {SUBSCRIBERS} subscribers, {}", stage.name),
        format!("{peak:.0} MiB, {each:.1} KiB each"),
    );
    lab.report.loads.push(load);
    stage.close(lab).await
}

/// Opens the streams, then counts what they hear for the length of a load.
async fn listen(lab: &Lab<'_>, stage: &Stage, heard: &Rc<RefCell<Heard>>) -> Done<Load> {
    let name = format!("quotes to {SUBSCRIBERS} subscribers, {}", stage.name);
    eprintln!("{:>7.1} s  {name}", now::elapsed().as_secs_f64());
    let mut opening = JoinSet::new();
    for number in 0..SUBSCRIBERS {
        if opening.len() >= AT_ONCE {
            opened(opening.join_next().await)?;
        }
        let person = Rc::clone(&stage.people[number % stage.people.len()]);
        let (address, symbols, heard) = (stage.address(), stage.symbols.clone(), Rc::clone(heard));
        opening.spawn_local(async move {
            let request = requests::upgrade(address, &person, "/api/v1/stream");
            let subscriber = Subscriber::open(address, &request, &symbols).await?;
            tokio::task::spawn_local(subscriber.listen(heard, since));
            Ok(())
        });
    }
    while let Some(done) = opening.join_next().await {
        opened(Some(done))?;
    }
    let window = lab.options.window();
    sleep(window.warm_up).await;
    let process = stage.server.process();
    process.forget_peak()?;
    let cpu = process.cpu()?;
    heard.borrow_mut().latencies = Some(Histogram::new());
    let begun = now::elapsed();
    sleep(window.measured).await;
    let seconds = (now::elapsed() - begun).as_secs_f64();
    let mut heard = heard.borrow_mut();
    let latencies = heard.latencies.take().unwrap_or_else(Histogram::new);
    let ms = |per_mille| latencies.quantile(per_mille).as_secs_f64() * 1000.0;
    let quotes = latencies.total();
    Ok(Load {
        name,
        connections: SUBSCRIBERS,
        rate: quotes as f64 / seconds,
        p50_ms: ms(500),
        p95_ms: ms(950),
        p99_ms: ms(990),
        max_ms: latencies.max().as_secs_f64() * 1000.0,
        cpu_s_per_1000: Some((process.cpu()? - cpu).as_secs_f64() * 1000.0 / quotes.max(1) as f64),
        peak_mib: mib(process.peak_memory()?),
        errors: match heard.lost {
            0 => String::new(),
            lost => format!("{lost} streams lost"),
        },
        acknowledged: 0,
    })
}

fn opened(done: Option<Result<io::Result<()>, tokio::task::JoinError>>) -> Done {
    match done {
        None | Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(Failure::new(format!("a stream could not be opened: {error}"))),
        Some(Err(error)) => Err(Failure::new(format!("a subscriber died: {error}"))),
    }
}

fn lost(load: &Load) -> &str {
    if load.is_clean() {
        "none lost"
    } else {
        &load.errors
    }
}

/// How long ago a tick was.
fn since(tick_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(now::wall().as_millisecond() - tick_ms).unwrap_or(0))
}
