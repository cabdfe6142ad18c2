//! What is measured, in this order. Each scenario is a file; each adds its loads and findings to the report.

mod crowd;
mod desk;
mod growth;
mod lag;
mod layers;
mod orders;
mod read;
mod sign_in;
mod start;
mod stream;

use crate::{
    failure::Done,
    lab::Lab,
    options::{Options, Scenario, Side},
    report::Report,
    stage::Stage,
};

/// Runs what the options ask for. Answers the report with whether everything went right.
///
/// # Errors
/// When not even a beginning could be made.
pub(crate) async fn run_all(options: &Options) -> Done<(Report, Done)> {
    let mut lab = Lab::open(options)?;
    let outcome = run(&mut lab).await;
    Ok((lab.report, outcome))
}

async fn run(lab: &mut Lab<'_>) -> Done {
    let wants = |scenario, side| lab.options.wants(scenario, side);
    if wants(Scenario::Start, Side::Embedded) {
        start::run(lab).await?;
    }
    let shared = [
        Scenario::Read,
        Scenario::Orders,
        Scenario::Layers,
        Scenario::Crowd,
        Scenario::SignIn,
    ];
    if shared
        .iter()
        .any(|scenario| lab.options.wants(*scenario, Side::Embedded))
    {
        embedded(lab).await?;
    }
    if lab.options.wants(Scenario::Stream, Side::Embedded) {
        stream::run(lab, Side::Embedded).await?;
    }
    if lab.options.wants(Scenario::Growth, Side::Embedded) {
        growth::run(lab).await?;
    }
    if [Scenario::Read, Scenario::Orders, Scenario::SignIn]
        .iter()
        .any(|scenario| lab.options.wants(*scenario, Side::Servers))
    {
        servers(lab).await?;
    }
    if lab.options.wants(Scenario::Stream, Side::Servers) {
        stream::run(lab, Side::Servers).await?;
    }
    Ok(())
}

/// On SQLite and memory; one server for all, so that later loads meet a database that is not empty.
async fn embedded(lab: &mut Lab<'_>) -> Done {
    let mut stage = Stage::open(lab, Side::Embedded).await?;
    let wants = |scenario| lab.options.wants(scenario, Side::Embedded);
    let (read, orders) = (wants(Scenario::Read), wants(Scenario::Orders));
    let (layers, crowd, sign_in) = (
        wants(Scenario::Layers),
        wants(Scenario::Crowd),
        wants(Scenario::SignIn),
    );
    if read {
        read::run(lab, &stage, Side::Embedded).await?;
    }
    if orders {
        orders::run(lab, &mut stage, Side::Embedded).await?;
    }
    if layers {
        layers::run(lab, &mut stage).await?;
    }
    if crowd {
        crowd::run(lab, &stage).await?;
    }
    if sign_in {
        sign_in::run(lab, &stage).await?;
    }
    stage.close(lab).await
}

/// On PostgreSQL and Redis.
async fn servers(lab: &mut Lab<'_>) -> Done {
    let mut stage = Stage::open(lab, Side::Servers).await?;
    if lab.options.wants(Scenario::Read, Side::Servers) {
        read::run(lab, &stage, Side::Servers).await?;
    }
    if lab.options.wants(Scenario::Orders, Side::Servers) {
        orders::run(lab, &mut stage, Side::Servers).await?;
    }
    if lab.options.wants(Scenario::SignIn, Side::Servers) {
        sign_in::run(lab, &stage).await?;
    }
    stage.close(lab).await
}
