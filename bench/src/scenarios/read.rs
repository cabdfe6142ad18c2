//! The cheapest authenticated read, `GET /auth/me`, against a hello-world of the same framework. The bare server is
//! measured before and after, so that a machine that slows down is not taken for a slow product.

use crate::{
    bare,
    failure::{Done, Failure},
    lab::{Lab, measure},
    load::Pace,
    options::Side,
    report::Load,
    requests,
    stage::Stage,
    target,
};

/// The Python stack's authenticated reads a second, measured once on two cores of such a machine.
const PYTHON: f64 = 590.0;

pub(super) async fn run(lab: &mut Lab<'_>, stage: &Stage, side: Side) -> Done {
    let before = bare(lab, stage, "before").await?;
    let read = stage
        .measure(
            "GET /auth/me",
            stage.readers("/api/v1/auth/me"),
            Pace::Closed,
            lab.options.window(),
        )
        .await?;
    let after = bare(lab, stage, "after").await?;
    let limit = f64::midpoint(before.rate, after.rate);
    let share = read.rate / limit;
    let (must, least) = match side {
        Side::Embedded => ("≥ 50 % of bare, aim 60 %", 0.5),
        Side::Servers => ("≥ 30 % of bare", 0.3),
    };
    let figure = format!(
        "{:.0}/s, {:.0} % of bare, {:.0}× Python",
        read.rate,
        share * 100.0,
        read.rate / PYTHON
    );
    lab.report.judge(
        format!("authenticated read, {}", stage.name),
        figure,
        must,
        share >= least && read.is_clean(),
    );
    lab.report.loads.extend([before, read, after]);
    lab.bare = Some(limit);
    Ok(())
}

async fn bare(lab: &Lab<'_>, stage: &Stage, when: &str) -> Done<Load> {
    let server = target::start_bare(stage.settings.folder())?;
    let callers = stage
        .people
        .iter()
        .map(|_| requests::anonymous_get(server.address(), bare::PATH))
        .collect();
    let target = (server.address(), &server.process());
    let load = measure(
        &format!("bare hello-world, {when}"),
        target,
        callers,
        Pace::Closed,
        lab.options.window(),
    )
    .await?;
    server.stop()?;
    if load.is_clean() {
        Ok(load)
    } else {
        Err(Failure::new(format!("the bare server failed: {}", load.errors)))
    }
}
