//! The operations desk over a long history: its figures and the first pages of its lists, asked for one after another.

use crate::{
    failure::Done,
    lab::Lab,
    load::{Caller, Pace, Window},
    people, requests,
    stage::Stage,
};

/// What an analyst opens in the morning.
const PAGES: [&str; 6] = [
    "/api/admin/security/dashboard/sign-ins",
    "/api/admin/security/dashboard/transactions",
    "/api/admin/security/decisions?limit=50",
    "/api/admin/security/decisions?kind=transaction&min_score=0.6&limit=50",
    "/api/admin/security/incidents?limit=50",
    "/api/admin/security/audit-logs?limit=50",
];
const P95_MS: f64 = 50.0;

/// Judges how long the desk takes over so many events.
pub(super) async fn judge(lab: &mut Lab<'_>, stage: &Stage, events: u64) -> Done {
    let session = people::analyst(stage.address(), &stage.settings).await?;
    let mut pages: Vec<Caller> = PAGES
        .iter()
        .map(|path| requests::get_with(stage.address(), &session, path))
        .collect();
    let mut turn = 0;
    let in_turn: Caller = Box::new(move |out| {
        turn += 1;
        pages[turn % PAGES.len()](out)
    });
    let window: Window = lab.options.window();
    let load = stage
        .measure("pages of the desk", vec![in_turn], Pace::Closed, window)
        .await?;
    let met = load.p95_ms <= P95_MS && load.is_clean();
    lab.report.judge(
        format!(
            "the desk's figures and lists over {} thousand orders",
            events / 1000
        ),
        format!("p95 {:.1} ms", load.p95_ms),
        "p95 ≤ 50 ms",
        met,
    );
    lab.report.loads.push(load);
    Ok(())
}
