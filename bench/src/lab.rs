//! Where a run happens: its options, what it was given, and its report so far.

use std::net::SocketAddr;

use tokio::time::sleep;

use crate::{
    disk,
    failure::{Done, Failure},
    load::{self, Caller, Pace, Window},
    now,
    options::{Given, Options},
    report::{Load, Machine, Report},
    target::Process,
};

/// One run.
pub(crate) struct Lab<'a> {
    pub(crate) options: &'a Options,
    pub(crate) given: Given,
    pub(crate) report: Report,
    /// What the bare server answered a second, once that was measured.
    pub(crate) bare: Option<f64>,
}

impl<'a> Lab<'a> {
    pub(crate) fn open(options: &'a Options) -> Done<Self> {
        std::fs::create_dir_all(&options.data).map_err(Failure::of("cannot make the data folder"))?;
        let mut report = Report::new(Machine::describe());
        let Window { warm_up, measured } = options.window();
        report.settings.push(format!(
            "each load: {} s warm-up, {} s measured; {} customers; generator on one thread of the same machine",
            warm_up.as_secs(),
            measured.as_secs(),
            options.people
        ));
        report
            .settings
            .push("server: defaults, access log to a file, access tokens of 60 minutes".to_owned());
        let (median, slow) = disk::time_to_sync(&options.data)?;
        report.settings.push(format!(
            "disk: a page is safe after {} µs (median), {} µs (99th percentile)",
            median.as_micros(),
            slow.as_micros()
        ));
        for (name, value) in &options.set {
            report.settings.push(format!("{name}={value}"));
        }
        Ok(Self {
            options,
            given: Given::read()?,
            report,
            bare: None,
        })
    }
}

/// Puts a server under load and looks at its process meanwhile.
pub(crate) async fn measure(
    name: &str,
    (address, process): (SocketAddr, &Process),
    callers: Vec<Caller>,
    pace: Pace,
    window: Window,
) -> Done<Load> {
    eprintln!("{:>7.1} s  {name}", now::elapsed().as_secs_f64());
    let connections = callers.len();
    process.forget_peak()?;
    let cpu = async {
        sleep(window.warm_up).await;
        let before = process.cpu()?;
        sleep(window.measured).await;
        Ok(process.cpu()? - before)
    };
    let (tally, cpu) = tokio::join!(load::run(address, callers, pace, window), cpu);
    let tally = tally.map_err(Failure::of(format!("{name}: cannot connect")))?;
    let load = Load::new(
        name,
        connections,
        &tally,
        cpu?.as_secs_f64(),
        process.peak_memory()?,
    );
    eprintln!(
        "           {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, errors: {}",
        load.rate,
        load.p50_ms,
        load.p99_ms,
        if tally.errors() == 0 { "none" } else { &load.errors }
    );
    Ok(load)
}
