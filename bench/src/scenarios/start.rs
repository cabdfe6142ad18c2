//! Time from start to the first answer, and memory at rest.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    failure::{Done, Failure},
    lab::Lab,
    load::Connection,
    now,
    report::mib,
    stage,
    target::{self, Child, Settings},
};

/// What start-up leaves behind has settled by then: the allocator gives unused pages back within ten seconds.
const SETTLED: Duration = Duration::from_secs(15);

pub(super) async fn run(lab: &mut Lab<'_>) -> Done {
    let settings = stage::settings(lab, None, None)?;
    let (server, first) = start(&settings).await?;
    server.stop()?;
    let (server, again) = start(&settings).await?;
    sleep(SETTLED).await;
    let idle = mib(server.process().memory()?);
    let (own, mapped) = server.process().memory_by_kind()?;
    server.stop()?;
    let ms = |time: Duration| format!("{} ms", time.as_millis());
    let within = Duration::from_millis(500);
    lab.report.judge(
        "start to serving, empty database",
        ms(first),
        "≤ 500 ms",
        first <= within,
    );
    lab.report
        .judge("start to serving, again", ms(again), "≤ 500 ms", again <= within);
    lab.report.judge(
        "memory when idle",
        format!(
            "{idle:.0} MiB, {:.0} of its own and {:.0} of mapped files",
            mib(own),
            mib(mapped)
        ),
        "≤ 40 MiB",
        idle <= 40.0,
    );
    Ok(())
}

/// Starts a server and waits for its first answer.
async fn start(settings: &Settings) -> Done<(Child, Duration)> {
    let before = now::elapsed();
    let server = target::start_stockade(settings)?;
    let mut connection = Connection::open(server.address())
        .await
        .map_err(Failure::of("cannot reach the server"))?;
    let ready = connection
        .exchange(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    match ready.map_err(Failure::of("the server does not answer"))?.status {
        200 => Ok((server, now::elapsed() - before)),
        status => Err(Failure::new(format!("/health/ready was answered with {status}"))),
    }
}
