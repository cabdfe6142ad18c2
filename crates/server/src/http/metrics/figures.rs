//! What there is to tell at this moment.

use stockade_platform::{
    db::{Connections, DbResult, Reader},
    shared::Shared,
};

use super::process::{self, Process};
use crate::{
    app::App,
    core::{audit, event::EventOutcome, followers},
    features::{mail, webhooks},
    http::{error::ApiResult, traffic::RouteClass},
};

/// All figures. Everything that is counted here stands for this instance; what comes out of the database is the same on
/// all.
pub(super) struct Figures {
    pub(super) process: Process,
    pub(super) started_at: f64,
    pub(super) classes: Vec<RouteClass>,
    /// Refusals by code.
    pub(super) refusals: Vec<(&'static str, u64)>,
    /// Quotas exceeded, by class and scope.
    pub(super) exceeded: Vec<(&'static str, &'static str, u64)>,
    pub(super) events: Vec<(String, EventOutcome, u64)>,
    pub(super) admission: (usize, usize),
    pub(super) admission_limits: (usize, usize),
    /// Jobs waiting, and jobs under way.
    pub(super) hashing: (usize, usize),
    /// Sessions checked against the shared copy, and in the database.
    pub(super) session_checks: (u64, u64),
    pub(super) shared_state: (&'static str, bool),
    pub(super) units_waiting: usize,
    pub(super) spans_dropped: u64,
    /// Open WebSockets.
    pub(super) streams: usize,
    pub(super) pool: Option<Connections>,
    pub(super) stored: Stored,
}

/// What the database knows.
pub(super) struct Stored {
    pub(super) log_size: i64,
    pub(super) log_pending: i64,
    /// How many entries each follower has not read.
    pub(super) followers: Vec<(String, i64)>,
    pub(super) mails: i64,
    pub(super) deliveries: i64,
}

/// Looks everything up.
///
/// # Errors
/// When the database cannot be read: a scrape that fails is itself the sign that something is wrong.
pub(super) async fn gather(app: &App) -> ApiResult<Figures> {
    let stored: DbResult<Stored> = app.read(async |reader: &mut Reader| stored(reader).await).await;
    let admission = app.config.admission;
    let kind = match app.shared {
        Shared::Redis(_) => "redis",
        Shared::Memory(_) => "memory",
    };
    Ok(Figures {
        process: process::read(),
        started_at: app.traffic.since().as_microsecond() as f64 / 1e6,
        classes: app.traffic.by_class(),
        refusals: app.traffic.refusals(),
        exceeded: app.traffic.quotas_exceeded(),
        events: app.core.happened.counts(),
        admission: app.admission.load(),
        admission_limits: (admission.at_work, admission.queue),
        hashing: app.auth.hashing_load(),
        session_checks: app.auth.session_checks(),
        shared_state: (kind, app.shared.ping().await.is_ok()),
        units_waiting: app.core.db.waiting(),
        spans_dropped: app.spans.dropped(),
        streams: app.streams.open(),
        pool: app.core.db.connections(),
        stored: stored?,
    })
}

async fn stored(reader: &mut Reader) -> DbResult<Stored> {
    let log_size = audit::size(reader).await?;
    let followers = followers::cursors(reader).await?;
    let behind = |(name, next): (String, i64)| (name, (log_size - next).max(0));
    Ok(Stored {
        log_size,
        log_pending: audit::pending(reader).await?,
        followers: followers.into_iter().map(behind).collect(),
        mails: mail::waiting(reader).await?,
        deliveries: webhooks::waiting(reader).await?,
    })
}
