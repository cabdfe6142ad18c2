//! What each layer between the socket and the feature costs: a ladder of requests, each of which passes one layer more
//! than the one before. What a rung costs above the last is its layer, in the server's processor time.

use std::rc::Rc;

use crate::{
    bare,
    failure::Done,
    lab::{Lab, measure},
    load::{Caller, Pace},
    people::Person,
    report::Load,
    requests::{self, Ids, SignedPost},
    stage::Stage,
    target,
};

/// An order that is signed as it must be, but is none: refused once the signature has been checked.
const NO_ORDER: &str = r#"{"symbol":"KO"}"#;

pub(super) async fn run(lab: &mut Lab<'_>, stage: &mut Stage) -> Done {
    let window = lab.options.window();
    let mut rungs = vec![(
        "connection, HTTP and router of the framework",
        bare(lab, stage).await?,
    )];
    let anonymous = |path| -> Vec<Caller> {
        stage
            .people
            .iter()
            .map(|_| requests::anonymous_get(stage.address(), path))
            .collect()
    };
    let reads = [
        (
            "frame: id, time limit, headers, access log, counters",
            "GET /health/live",
            anonymous("/health/live"),
        ),
        (
            "admission and rate limit by address",
            "GET /about",
            anonymous("/api/v1/about"),
        ),
        (
            "identity: token, revocation, person's limit, guard",
            "GET /auth/me",
            stage.readers("/api/v1/auth/me"),
        ),
        (
            "signature (refused for its body)",
            "signed, no order",
            no_orders(stage),
        ),
    ];
    for (layer, name, callers) in reads {
        rungs.push((layer, stage.measure(name, callers, Pace::Closed, window).await?));
    }
    let orders = stage
        .measure_orders("signed order", Ids::Rising, Pace::Closed, window)
        .await?;
    rungs.push(("nonce, key, risk, holds, fill, ledger, record, durable", orders));

    let mut below = 0.0;
    let mut clean = true;
    for (layer, load) in &rungs {
        let micros = load.cpu_s_per_1000.unwrap_or_default() * 1_000.0;
        lab.report.notes.push(format!(
            "layer: {layer}: {:+.1} µs, {micros:.1} µs in all ({})",
            micros - below,
            load.name
        ));
        below = micros;
        clean &= load.is_clean();
    }
    lab.report.judge(
        format!("the layers, {}", stage.name),
        format!("{:.0} µs for an order", below),
        "every answer as expected",
        clean,
    );
    lab.report.loads.extend(rungs.into_iter().map(|(_, load)| load));
    Ok(())
}

/// Callers that sign what is refused with 422.
fn no_orders(stage: &Stage) -> Vec<Caller> {
    let bodies = [NO_ORDER.to_owned()];
    let caller = |person: &Rc<Person>| -> Caller {
        let mut post = SignedPost::new(stage.address(), person, "/api/v1/portfolio/buy", &bodies);
        Box::new(move |out| {
            post.write(out);
            422
        })
    };
    stage.people.iter().map(caller).collect()
}

async fn bare(lab: &Lab<'_>, stage: &Stage) -> Done<Load> {
    let server = target::start_bare(stage.settings.folder())?;
    let callers = stage
        .people
        .iter()
        .map(|_| requests::anonymous_get(server.address(), bare::PATH))
        .collect();
    let process = server.process();
    let target = (server.address(), &process);
    let load = measure(
        "bare hello-world",
        target,
        callers,
        Pace::Closed,
        lab.options.window(),
    )
    .await?;
    server.stop()?;
    Ok(load)
}
