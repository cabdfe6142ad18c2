//! All periodic work on one screen: a line a job.
//!
//! A job that fails is logged and tried again at its next turn. On several instances jobs that must not run twice at
//! once take a lease.

use std::time::Duration;

use futures_util::{TryFutureExt as _, future::BoxFuture};
use stockade_platform::random;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    app::App,
    core::{
        audit::{
            by_person,
            sequencer::{Sequencer, Turn},
        },
        followers, keys,
    },
    features::{
        api_keys, audit, auth, cash, corporate_actions, devices, forecasts, incidents, mail, market, news,
        notifications, orders, portfolio, price_alerts, reviews, risk, security_log, sign_ins, stream,
        webhooks,
    },
    http::error::ApiResult,
};

/// One turn of a job; answers how much it did.
type Job = fn(&App) -> BoxFuture<'_, ApiResult<usize>>;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// How long numbering waits for more once something was committed: each of its turns is a transaction with a sync to disk of
/// its own, which would double those of a quiet server.
const GATHER: Duration = Duration::from_millis(15);

/// After a turn of so many entries nothing need be waited for: as many came while it ran.
const BUSY: usize = 32;

/// Starts every job. They end when `stop` turns true; waiting for the set waits for their last turn.
pub(crate) fn start(app: &App, stop: watch::Receiver<bool>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let poll = app.config.worker.poll;
    if !app.core.db.numbers_at_group_end() {
        jobs.spawn(sequence(app.clone(), stop.clone()));
    }
    jobs.spawn(stream::publish_ticks(app.clone(), stop.clone()));
    let mut every = |interval, name, job: Job| {
        jobs.spawn(repeat(interval, name, job, app.clone(), stop.clone()));
    };
    if app.provider.is_some() {
        every(app.config.market.tick, "ask for quotes", |app| {
            Box::pin(market::poll_quotes(app))
        });
        every(HOUR, "ask for days", |app| Box::pin(market::poll_days(app)));
    }
    every(app.config.market.tick, "fire price alerts", |app| {
        Box::pin(price_alerts::fire_alerts(app))
    });
    every(app.config.audit.checkpoint_interval, "sign checkpoint", |app| {
        Box::pin(audit::sign_checkpoint(app))
    });
    every(poll, "answer mail requests", |app| {
        Box::pin(auth::answer_mail_requests(app))
    });
    every(poll, "deliver mail", |app| Box::pin(mail::deliver_mail(app)));
    every(MINUTE, "send the daily summary", |app| {
        Box::pin(incidents::send_summary(app))
    });
    every(HOUR, "prune signals of incidents", |app| {
        Box::pin(incidents::prune_signals(app))
    });
    every(poll, "deliver webhooks", |app| {
        Box::pin(webhooks::deliver_webhooks(app))
    });
    every(HOUR, "prune webhooks", |app| {
        Box::pin(webhooks::prune_deliveries(app))
    });
    every(HOUR, "prune mail", |app| Box::pin(mail::prune_mail(app)));
    every(poll, "match resting orders", |app| {
        Box::pin(orders::match_resting(app))
    });
    every(SECOND, "end reviews that nobody decided", |app| {
        Box::pin(reviews::expire_reviews(app))
    });
    every(SECOND, "answer for the simulated bank", |app| {
        Box::pin(cash::answer_transfers(app))
    });
    every(10 * SECOND, "fetch news", |app| Box::pin(news::fetch_news(app)));
    every(HOUR, "prune news", |app| Box::pin(news::prune_news(app)));
    every(SECOND, "make forecasts while it is calm", |app| {
        Box::pin(forecasts::make_forecasts_if_calm(app))
    });
    every(MINUTE, "make forecasts", |app| {
        Box::pin(forecasts::make_forecasts(app))
    });
    every(SECOND, "write account histories", |app| {
        Box::pin(portfolio::follow_ledger(app))
    });
    every(MINUTE, "value accounts at the end of days", |app| {
        Box::pin(portfolio::close_days(app))
    });
    every(SECOND, "apply corporate actions", |app| {
        Box::pin(corporate_actions::apply_due(app))
    });
    every(poll, "load revocations", |app| {
        Box::pin(auth::load_revocations(app))
    });
    every(MINUTE, "write last uses of keys", |app| {
        Box::pin(auth::write_last_uses(app).err_into())
    });
    every(MINUTE, "write last uses of API keys", |app| {
        Box::pin(api_keys::write_last_uses(app).err_into())
    });
    every(MINUTE, "write when sessions were last seen", |app| {
        Box::pin(auth::write_last_seen(app))
    });
    every(HOUR, "prune lessons of risk", |app| {
        Box::pin(risk::prune_lessons(app))
    });
    every(HOUR, "expire devices", |app| Box::pin(devices::expire(app)));
    every(MINUTE, "prune", |app| Box::pin(auth::prune(app)));
    every(SECOND, "list entries by person", |app| {
        Box::pin(by_person::list_entries(&app.core).err_into())
    });
    every(poll, "look how far the log has grown", |app| {
        Box::pin(followers::look_for_growth(&app.core).map_ok(|()| 0).err_into())
    });
    let followers: [(&'static str, Job); 7] = [
        ("relay revocations", |app| {
            Box::pin(auth::relay_revocations(app).err_into())
        }),
        ("write notifications", |app| {
            Box::pin(notifications::follow_log(app))
        }),
        ("write webhook deliveries", |app| {
            Box::pin(webhooks::follow_log(app))
        }),
        ("tell of security events", |app| {
            Box::pin(security_log::follow_log(app))
        }),
        ("gather incidents", |app| Box::pin(incidents::follow_log(app))),
        ("count sign-ins", |app| Box::pin(sign_ins::follow_log(app))),
        ("count transactions", |app| Box::pin(reviews::follow_log(app))),
    ];
    for (name, job) in followers {
        jobs.spawn(follow(name, job, app.clone(), stop.clone()));
    }
    jobs
}

/// Starts what every process does for its own memory, whichever half of the program it runs.
pub(crate) fn start_everywhere(app: &App, stop: watch::Receiver<bool>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(repeat(
        MINUTE,
        "count what is usual",
        |app| Box::pin(risk::count_lessons(app)),
        app.clone(),
        stop.clone(),
    ));
    jobs.spawn(keys::follow_erasures(app.clone(), stop.clone()));
    jobs.spawn(stream::hand_out_ticks(app.clone(), stop.clone()));
    jobs.spawn(market::follow_prices(app.clone(), stop.clone()));
    jobs.spawn(crate::http::spans::export(app.clone(), stop.clone()));
    jobs.spawn(repeat(
        SECOND,
        "read announcements",
        |app| Box::pin(corporate_actions::follow_announcements(app)),
        app.clone(),
        stop,
    ));
    jobs
}

/// Runs a job every so often.
async fn repeat(interval: Duration, name: &'static str, job: Job, app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        turn(name, job, &app).await;
        pause(interval, &mut stop).await;
    }
}

/// Runs a job whenever the log has grown, and every second for what it could not do at once.
async fn follow(name: &'static str, job: Job, app: App, mut stop: watch::Receiver<bool>) {
    let mut grown = app.core.grown.subscribe();
    while !*stop.borrow() {
        match turn(name, job, &app).await {
            0 => tokio::select! {
                _ = grown.changed() => {}
                () = pause(SECOND, &mut stop) => {}
            },
            _ => pause(app.config.worker.poll, &mut stop).await,
        }
    }
}

/// One turn of a job, and how much it did.
async fn turn(name: &'static str, job: Job, app: &App) -> usize {
    let _at_present = app.demo.at_present().await;
    match job(app).await {
        Ok(0) => 0,
        Ok(done) => {
            tracing::debug!(job = name, done, "worked");
            done
        }
        Err(error) => {
            tracing::warn!(job = name, ?error, "will be tried again");
            0
        }
    }
}

/// PostgreSQL: numbers what waits in the inbox, as long as this instance holds the lease.
async fn sequence(app: App, mut stop: watch::Receiver<bool>) {
    let sequencer = Sequencer::new(random::uuid_v7(app.clock.now()), app.clock.clone());
    while !*stop.borrow() {
        let at_present = app.demo.at_present().await;
        let turn = sequencer.turn(&app.core.db).await;
        drop(at_present);
        match turn {
            Ok(turn) if turn.is_full() => {}
            // Other instances' commits do not wake this one, so it also looks every so often.
            Ok(Turn::Numbered(numbered)) => {
                tokio::select! {
                    () = app.core.committed.notified() => {}
                    () = pause(app.config.worker.poll, &mut stop) => {}
                }
                if numbered < BUSY {
                    pause(GATHER, &mut stop).await;
                }
            }
            Ok(Turn::NotMine) => pause(app.config.worker.poll, &mut stop).await,
            Err(error) => {
                tracing::warn!(%error, "numbering will be tried again");
                pause(app.config.worker.poll, &mut stop).await;
            }
        }
    }
    if let Err(error) = sequencer.release(&app.core.db).await {
        tracing::warn!(%error, "the sequencer's lease was not given up; it ends by itself");
    }
}

async fn pause(interval: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(interval) => {}
        _ = stop.changed() => {}
    }
}
