//! One event under one rule: it joins the incident of its group, opens one, or waits for others like it.

use jiff::{SignedDuration, Timestamp};
use stockade_platform::db::{DbResult, Query, Tx};
use uuid::Uuid;

use super::{
    alert,
    events::{self, Named},
    facts::Fact,
    rules::{EVERYWHERE, Match},
    severity::Severity,
    store::{self, Current, Growth, Line, Linked},
};
use crate::{app::App, config, core::event::AuditEvent};

/// Events linked into one timeline, and people noted with one incident; beyond that they are counted no further, since
/// an outsider decides how many there are.
const MOST_LINKED: i64 = 500;
const MOST_PEOPLE: i64 = 1_000;
/// What is older is nothing to wake anybody for, such as when the log is gathered anew.
const NEWS: SignedDuration = SignedDuration::from_hours(24);

/// Applies a rule to an event; answers what the log is to say of it. `now` is the present, which may be long after.
pub(super) async fn apply(
    app: &App,
    tx: &mut Tx,
    fact: &Fact,
    found: &Match,
    now: Timestamp,
) -> DbResult<Vec<AuditEvent>> {
    let settings = &app.config.incidents;
    let (rule, since) = (found.rule.as_str(), fact.at - found.rule.window(settings));
    if let Some(current) = store::current(tx, rule, &found.key, since, fact.at).await? {
        if found.only_joins && !knows(tx, &current, fact).await? {
            return Ok(Vec::new());
        }
        return join(app, tx, fact, found, current, now).await;
    }
    if found.only_joins {
        return Ok(Vec::new());
    }
    let threshold = found.rule.threshold(settings);
    if threshold > 1 {
        tx.batch(vec![store::put_signal(found, fact)]).await?;
        if store::signals(tx, rule, &found.key, since).await?.len() < threshold {
            return Ok(Vec::new());
        }
    }
    let hour = SignedDuration::from_hours(1);
    let opened = store::count_opened(tx, rule, fact.at - hour, fact.at).await?;
    if opened < settings.most_per_hour {
        return open(app, tx, fact, found, &found.key, now).await;
    }
    match store::current(tx, rule, EVERYWHERE, since, fact.at).await? {
        Some(current) => join(app, tx, fact, found, current, now).await,
        None => open(app, tx, fact, found, EVERYWHERE, now).await,
    }
}

async fn knows(tx: &mut Tx, current: &Current, fact: &Fact) -> DbResult<bool> {
    match fact.user {
        Some(user) => store::concerns(tx, current.id, user).await,
        None => Ok(false),
    }
}

async fn open(
    app: &App,
    tx: &mut Tx,
    fact: &Fact,
    found: &Match,
    key: &str,
    now: Timestamp,
) -> DbResult<Vec<AuditEvent>> {
    let subject = found.subject.filter(|_| key != EVERYWHERE);
    let due_at = due(&app.config.incidents, found.severity, fact.at);
    let is_new = store::open(tx, found, key, subject, fact, due_at).await?;
    let current = Current {
        id: fact.entry,
        severity: found.severity,
        events: 0,
        people: 0,
        opened_at: fact.at,
    };
    let mut said = Vec::new();
    if is_new {
        let named = Named {
            incident: fact.entry,
            rule: found.rule,
            severity: found.severity,
            subject,
        };
        said.push(events::opened(&named));
        tell(app, tx, fact, &named, now).await?;
        tx.batch(vec![line(fact.entry, fact, "opened", found.severity)])
            .await?;
    }
    said.extend(join(app, tx, fact, found, current, now).await?);
    Ok(said)
}

async fn join(
    app: &App,
    tx: &mut Tx,
    fact: &Fact,
    found: &Match,
    current: Current,
    now: Timestamp,
) -> DbResult<Vec<AuditEvent>> {
    let settings = &app.config.incidents;
    let mut growth = Growth {
        events: 0,
        people: 0,
        at: fact.at,
        severity: found.severity,
        due_at: due(settings, found.severity, fact.at).max(current.opened_at),
    };
    if found.rule.threshold(settings) > 1 {
        let since = fact.at - found.rule.window(settings);
        for signal in store::signals(tx, found.rule.as_str(), &found.key, since).await? {
            let linked = Linked {
                entry: signal.entry,
                seq: signal.seq as u64,
                at: signal.at,
                kind: &signal.kind,
                user: signal.user,
                decision: None,
            };
            take(tx, &current, &linked, &mut growth).await?;
        }
        tx.batch(vec![store::drop_signals(found.rule.as_str(), &found.key)])
            .await?;
    }
    let linked = Linked {
        entry: fact.entry,
        seq: fact.seq,
        at: fact.at,
        kind: &fact.kind,
        user: fact.user,
        decision: fact.decision,
    };
    take(tx, &current, &linked, &mut growth).await?;
    tx.batch(vec![store::grow(current.id, &growth)]).await?;
    if found.severity <= current.severity {
        return Ok(Vec::new());
    }
    let named = Named {
        incident: current.id,
        rule: found.rule,
        severity: found.severity,
        subject: found.subject,
    };
    tell(app, tx, fact, &named, now).await?;
    tx.batch(vec![line(current.id, fact, "escalated", found.severity)])
        .await?;
    Ok(vec![events::escalated(&named)])
}

/// Takes an event into an incident: linked while there is room, counted in any case, once.
async fn take(tx: &mut Tx, current: &Current, event: &Linked<'_>, growth: &mut Growth) -> DbResult<()> {
    let has_room = current.events + growth.events < MOST_LINKED;
    if !has_room || store::link(tx, current.id, event).await? {
        growth.events += 1;
    }
    if let Some(user) = event.user
        && current.people + growth.people < MOST_PEOPLE
        && store::add_person(tx, current.id, user).await?
    {
        growth.people += 1;
    }
    Ok(())
}

async fn tell(app: &App, tx: &mut Tx, fact: &Fact, named: &Named, now: Timestamp) -> DbResult<()> {
    if named.severity == Severity::Critical && now.duration_since(fact.at) < NEWS {
        alert::tell_staff(app, tx, named, fact.at, now).await?;
    }
    Ok(())
}

/// What an event led to, right after it in the timeline.
fn line(incident: Uuid, fact: &Fact, what: &'static str, severity: Severity) -> Query {
    store::add_line(&Line {
        incident,
        id: Uuid::from_u128(fact.entry.as_u128().wrapping_add(1)),
        at: fact.at,
        what,
        by: None,
        user: None,
        words: Some(severity.as_str()),
    })
}

/// By when somebody must be done with an incident that matters so much since then.
fn due(settings: &config::Incidents, severity: Severity, since: Timestamp) -> Timestamp {
    let within = match severity {
        Severity::Low => settings.due_low,
        Severity::Medium => settings.due_medium,
        Severity::High => settings.due_high,
        Severity::Critical => settings.due_critical,
    };
    since + within
}
