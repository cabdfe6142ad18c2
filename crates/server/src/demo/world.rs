//! The world of the demonstration: the program with a clock that is moved, and what its worker does as time passes.

use axum::Router;
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;
use stockade_platform::{
    clock::Clock,
    db::{DbResult, Reader, Tx},
    random,
};
use tower::ServiceExt as _;

use super::{
    DemoError, Done, Wanted,
    browser::{Ask, Browser},
    post::Post,
    summary::{Tally, count},
};
use crate::{
    app::App,
    config::{Config, Environment},
    core::{audit::sequencer::Sequencer, bookkeeping::bookkeep, leases},
    features::{
        audit, auth, cash, devices, incidents, mail, notifications, orders, portfolio, reviews, risk,
        security_log, webhooks,
    },
    http::{error::ApiResult, router},
};

const HOUR: i64 = 3_600;

/// The program, its clock and its post.
pub(super) struct World {
    app: App,
    router: Router,
    clock: Clock,
    sequencer: Sequencer,
    host: String,
    pub(super) post: Post,
    pub(super) tally: Tally,
    /// When the worker's next turn is, in Unix seconds.
    next_turn: i64,
    /// Whether anybody asked for anything since its last.
    busy: bool,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    asked: String,
}

impl World {
    /// Opens the database of these settings at the beginning of the history.
    pub(super) async fn open(config: Config, wanted: Wanted) -> Done<Self> {
        if config.environment != Environment::Development && !wanted.outside_development {
            let text = "these settings are not for development, and demonstration data is no place for people; if this \
                        database is for nothing else, say --outside-development";
            return Err(DemoError(text.into()));
        }
        let start = beginning(wanted);
        let post = Post::new(&config.data_dir, &config.mail.from)?;
        let clock = Clock::manual(start);
        let app = App::start_with(on_its_own(config), clock.clone(), Some(post.mailer())).await?;
        let customers: DbResult<bool> = app
            .read(async move |reader: &mut Reader| auth::customers_exist(reader).await)
            .await;
        if customers? {
            let text = "this database has customers already; demonstration data goes into an empty one, as with \
                        --data-dir ./demo";
            return Err(DemoError(text.into()));
        }
        // What is derived from the past may say already that there was nothing.
        portfolio::rebuild(&app, |_, _| ()).await?;
        let present = Clock::System.now();
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            leases::end_old(tx, present).await
        })
        .await?;
        let public_url = app.config.server.public_url.clone();
        let host = public_url
            .split_once("://")
            .map_or(public_url.as_str(), |(_, host)| host);
        Ok(Self {
            router: router::router(app.clone()),
            sequencer: Sequencer::new(random::uuid_v7(start), clock.clone()),
            host: host.to_owned(),
            post,
            tally: Tally::default(),
            next_turn: start.as_second() + HOUR,
            busy: true,
            app,
            clock,
        })
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass up to an instant, in Unix seconds, with all that happens by itself meanwhile.
    pub(super) async fn reach(&mut self, second: i64) -> Done {
        while self.next_turn <= second {
            self.move_to(self.next_turn);
            let hour = self.next_turn / HOUR % 24;
            if self.busy || hour % 6 == 0 {
                self.turn().await?;
            }
            if hour == 0 {
                self.midnight().await?;
            }
            self.next_turn += HOUR;
        }
        self.move_to(second);
        Ok(())
    }

    /// Lets some seconds pass.
    pub(super) async fn wait(&mut self, seconds: i64) -> Done {
        self.reach(self.now().as_second() + seconds).await
    }

    /// Sends a request; answers whatever came back.
    pub(super) async fn send(&mut self, browser: &Browser, ask: Ask) -> Done<Answer> {
        self.busy = true;
        let request = ask.request(browser, &self.host, self.now())?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .map_err(|error| DemoError(error.to_string()))?;
        Ok(Answer {
            status: parts.status.as_u16(),
            body: serde_json::from_slice(&bytes.to_bytes()).unwrap_or_default(),
            asked: ask.name(),
        })
    }

    /// Delivers what is in the post, and brings it to whom it is for.
    pub(super) async fn deliver(&mut self) -> Done {
        while auth::answer_mail_requests(&self.app).await? > 0 {}
        while mail::deliver_mail(&self.app).await? > 0 {}
        self.post.collect().await
    }

    /// What the worker does again and again.
    pub(super) async fn turn(&mut self) -> Done {
        self.busy = false;
        let app = &self.app;
        orders::match_resting(app).await?;
        cash::answer_transfers(app).await?;
        let expired = reviews::expire_reviews(app).await?;
        for _ in 0..expired {
            count(&mut self.tally, "reviews that nobody decided");
        }
        self.number().await?;
        while reviews::follow_log(app).await? > 0 {}
        while notifications::follow_log(app).await? > 0 {}
        while incidents::follow_log(app).await? > 0 {}
        while webhooks::follow_log(app).await? > 0 {}
        while security_log::follow_log(app).await? > 0 {}
        incidents::send_summary(app).await?;
        self.number().await?;
        self.deliver().await
    }

    /// The end of the history: whatever waits is done, and its leases are given up.
    pub(super) async fn close(&mut self) -> Done {
        self.turn().await?;
        self.midnight().await?;
        self.sequencer.release(&self.app.core.db).await?;
        self.post.close().await
    }

    /// What it does once a day.
    async fn midnight(&mut self) -> Done {
        let app = &self.app;
        while portfolio::follow_ledger(app).await? > 0 {}
        while portfolio::close_days(app).await? > 0 {}
        audit::sign_checkpoint(app).await?;
        let prunings: [ApiResult<usize>; 4] = [
            risk::count_lessons(app).await,
            incidents::prune_signals(app).await,
            devices::expire(app).await,
            auth::prune(app).await,
        ];
        for pruned in prunings {
            pruned?;
        }
        Ok(())
    }

    /// On PostgreSQL the log is numbered by whoever holds the lease; on SQLite it is already.
    async fn number(&self) -> Done {
        if self.app.core.db.numbers_at_group_end() {
            return Ok(());
        }
        let mut tries = 0;
        loop {
            let turn = self.sequencer.turn(&self.app.core.db).await?;
            if turn.is_full() {
                continue;
            }
            if turn != crate::core::audit::sequencer::Turn::NotMine {
                return Ok(());
            }
            tries += 1;
            if tries > 15 {
                let text = "a server is at work on this database; stop it first";
                return Err(DemoError(text.into()));
            }
            // Somebody has just stopped; their lease ends by the wall clock.
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            let present = Clock::System.now();
            bookkeep(&self.app.core.db, async move |tx: &mut Tx| {
                leases::end_old(tx, present).await
            })
            .await?;
        }
    }

    fn move_to(&self, second: i64) {
        self.clock.advance(second - self.now().as_second());
    }
}

impl Answer {
    /// The body of an answer with this status.
    pub(super) fn expect(self, status: u16) -> Done<Value> {
        self.one_of(&[status])
    }

    /// The body of an answer with one of these statuses.
    pub(super) fn one_of(self, statuses: &[u16]) -> Done<Value> {
        if statuses.contains(&self.status) {
            return Ok(self.body);
        }
        let Self { status, body, asked } = self;
        Err(DemoError(format!(
            "the history does not go on: {asked} was answered {status}: {body}"
        )))
    }

    /// Whether it refuses with this code.
    pub(super) fn is_refused(&self, code: &str) -> bool {
        self.body["code"] == code
    }
}

/// Midnight, so many days before the end.
pub(super) fn beginning(wanted: Wanted) -> Timestamp {
    let start = wanted.until - SignedDuration::from_hours(24 * wanted.days);
    let midnight = start.to_zoned(TimeZone::UTC).start_of_day();
    midnight.map_or(start, |midnight| midnight.timestamp())
}

/// The same settings for a program that shares nothing but the database: no other receiver of what happens, and no
/// password of it shown to anybody.
fn on_its_own(mut config: Config) -> Config {
    config.environment = Environment::Development;
    config.redis.url = None;
    config.passwords.breached_url = None;
    config.security_log.ocsf_file = None;
    config.security_log.syslog = None;
    config.observability.otlp_url = None;
    config
}
