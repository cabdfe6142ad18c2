//! The followers: each target reads the log from its own cursor, which moves once a batch is there. A target that is away
//! is tried again after a pause that doubles; meanwhile its events wait in the log.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{db::Tx, random, syslog::Syslog, tls::TlsError};
use uuid::Uuid;

use super::{ocsf::Event, target::Target};
use crate::{
    app::App,
    config::{self, Config, Lines},
    core::{bookkeeping::bookkeep, followers, leases},
    http::error::ApiResult,
};

/// The pause after the first failure, and the longest.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// Instances share the work of a log by taking turns; one at a time tells its events.
const LEASE: &str = "security_log";

/// The targets that are set up. One exists; the application holds it.
pub struct SecurityLog {
    targets: Vec<(Target, Mutex<Health>)>,
    holder: Uuid,
}

/// How a target does.
#[derive(Clone, Copy, Default)]
struct Health {
    /// Not before then again.
    pause_until: Option<Timestamp>,
    pause: SignedDuration,
}

impl SecurityLog {
    /// The targets that the settings name.
    ///
    /// # Errors
    /// When a receiver speaks TLS and there are no authorities to check it against.
    pub fn new(config: &Config, now: Timestamp) -> Result<Self, TlsError> {
        let config::SecurityLog {
            lines,
            ocsf_file,
            syslog,
            syslog_ca_file,
        } = &config.security_log;
        let mut targets = Vec::new();
        if *lines != Lines::None {
            targets.push(Target::Lines(*lines));
        }
        targets.extend(ocsf_file.clone().map(Target::File));
        if let Some(address) = syslog {
            let syslog = Syslog::new(address.clone(), syslog_ca_file.as_deref())?;
            targets.push(Target::Syslog(syslog, config.server.host().to_owned()));
        }
        Ok(Self {
            targets: targets
                .into_iter()
                .map(|target| (target, Mutex::default()))
                .collect(),
            holder: random::uuid_v7(now),
        })
    }
}

/// Tells every target what is new; answers how many events were told.
///
/// # Errors
/// When the database is away. A target that is away is no error: its events wait.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    let log = &app.security_log;
    let now = app.clock.now();
    let mut told = 0;
    for (target, health) in &log.targets {
        let until = lock(health).pause_until;
        if until.is_none_or(|until| until <= now) {
            told += follow(app, target, health, log.holder).await?;
        }
    }
    Ok(told)
}

/// On SQLite there is no other instance to take turns with.
async fn holds_lease(app: &App, holder: Uuid, now: Timestamp) -> ApiResult<bool> {
    if app.core.db.numbers_at_group_end() {
        return Ok(true);
    }
    let held = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::hold(tx, LEASE, holder, now).await
    })
    .await?;
    Ok(held.is_some())
}

/// A batch at a time, so that no target waits long for another.
async fn follow(app: &App, target: &Target, health: &Mutex<Health>, holder: Uuid) -> ApiResult<usize> {
    let mut unread = followers::unread(&app.core, target.name(), |_| true).await?;
    if unread.is_none() || !holds_lease(app, holder, app.clock.now()).await? {
        return Ok(0);
    }
    // Another instance may have told these while this one waited for the lease.
    if !app.core.db.numbers_at_group_end() {
        unread = followers::unread(&app.core, target.name(), |_| true).await?;
    }
    let Some(unread) = unread else {
        return Ok(0);
    };
    let events: Vec<Event> = unread.entries.iter().map(Event::of).collect();
    let told = events.len();
    match target.take(events).await {
        Ok(()) => {
            followers::pass(&app.core, target.name(), unread.stretch).await?;
            if lock(health).pause_until.take().is_some() {
                tracing::info!(target = target.name(), "takes events again");
            }
            Ok(told)
        }
        Err(error) => {
            let pause = lock(health).pauses(app.clock.now());
            let (target, seconds) = (target.name(), pause.as_secs());
            tracing::warn!(target, %error, seconds, "takes no events; they wait in the log and are sent after a pause");
            Ok(0)
        }
    }
}

impl Health {
    fn pauses(&mut self, now: Timestamp) -> SignedDuration {
        self.pause = match self.pause_until {
            None => FIRST_PAUSE,
            Some(_) => (self.pause * 2).min(LONGEST_PAUSE),
        };
        self.pause_until = Some(now + self.pause);
        self.pause
    }
}

fn lock(health: &Mutex<Health>) -> std::sync::MutexGuard<'_, Health> {
    health.lock().unwrap_or_else(PoisonError::into_inner)
}
