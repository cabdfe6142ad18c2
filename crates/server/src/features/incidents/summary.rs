//! The daily summary: what the desk did in the last day and what waits, by mail to those who run it. Whoever takes a day
//! on stores it in the transaction that writes the mails, so that each day is told once, on however many instances.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use stockade_platform::{
    db::{DbResult, Reader, Tx},
    random,
};

use super::store;
use crate::{
    app::App,
    core::{audit::checkpoint, bookkeeping::bookkeep},
    features::{
        auth,
        mail::{self, Letter, Link},
    },
    http::error::ApiResult,
};

/// What limits go by.
const KIND: &str = "daily_summary";

/// Sends the summary of the last day if its hour has come and nobody did; answers how many mails it wrote.
///
/// # Errors
/// When the database is away; it is then tried again.
pub async fn send_summary(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let here = now.to_zoned(TimeZone::UTC);
    if here.hour() < app.config.incidents.summary_hour {
        return Ok(0);
    }
    let day = here.date().to_string();
    let asked = day.clone();
    let sent: DbResult<bool> = app
        .read(async move |reader: &mut Reader| store::is_sent(reader, &asked).await)
        .await;
    if sent? {
        return Ok(0);
    }
    let this = app.clone();
    let written = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        if !store::take_day(tx, &day, now).await? {
            return Ok(0);
        }
        write(&this, tx, &day, now).await
    })
    .await?;
    Ok(written)
}

async fn write(app: &App, tx: &mut Tx, day: &str, now: Timestamp) -> DbResult<usize> {
    let facts = facts(app, tx, now).await?;
    let mut written = 0;
    for member in auth::staff(tx).await? {
        if !app.config.incidents.summary_roles.contains(&member.role) {
            continue;
        }
        let subject = format!("Stockade on {day}");
        let mut letter = Letter::to(&member.email, &subject)
            .of_kind(KIND)
            .paragraph("What the operations desk saw in the last 24 hours, and what waits now.");
        for (name, count) in &facts {
            letter = letter.fact(name.clone(), count.to_string());
        }
        let desk = format!("{}/desk/incidents", app.config.server.public_url);
        let letter = letter.link(Link::new("Open the desk", desk));
        mail::post_about(tx, random::uuid_v7(now), &letter, now)?;
        written += 1;
    }
    written += tell_auditors(app, tx, day, now).await?;
    Ok(written)
}

/// The newest signed head of the audit log, so that somebody outside holds it: a log that is rewritten or cut later does
/// not agree with it any more.
async fn tell_auditors(app: &App, tx: &mut Tx, day: &str, now: Timestamp) -> DbResult<usize> {
    let Some(signed) = checkpoint::newest(tx, app.log_key.verifying_key()).await? else {
        return Ok(0);
    };
    let mut written = 0;
    for member in auth::staff(tx).await? {
        if !app.config.audit.checkpoint_roles.contains(&member.role) {
            continue;
        }
        let letter = Letter::to(&member.email, &format!("The audit log on {day}"))
            .of_kind("daily_checkpoint")
            .paragraph("Keep this mail. These lines are the signed head of the audit log as it stands today; save them to a file to hold an export against them with stockade-verify.")
            .verbatim(signed.note.clone())
            .fact("Entries", signed.checkpoint.size.to_string());
        mail::post_about(tx, random::uuid_v7(now), &letter, now)?;
        written += 1;
    }
    Ok(written)
}

/// What is told, in order.
async fn facts(app: &App, tx: &mut Tx, now: Timestamp) -> DbResult<Vec<(String, i64)>> {
    let since = now - SignedDuration::from_hours(24);
    let mut facts = Vec::new();
    let opened = store::opened_between(tx, since, now).await?;
    facts.push((
        "Incidents opened".to_owned(),
        opened.iter().map(|(_, count)| count).sum(),
    ));
    for (severity, count) in opened {
        facts.push((format!("of these {}", severity.as_str()), count));
    }
    for (outcome, count) in store::resolved_between(tx, since, now).await? {
        let outcome = outcome.as_str().replace('_', " ");
        facts.push((format!("Resolved as {outcome}"), count));
    }
    let unresolved = store::unresolved(tx, now).await?;
    let sum = |part: fn(&(i64, i64, i64)) -> i64| unresolved.values().map(part).sum();
    facts.push(("Unresolved now".to_owned(), sum(|(all, _, _)| *all)));
    facts.push(("of these nobody’s".to_owned(), sum(|(_, open, _)| *open)));
    facts.push(("of these overdue".to_owned(), sum(|(_, _, overdue)| *overdue)));
    let standing = auth::accounts_standing(tx, now, app.config.lockout.confirm_after).await?;
    facts.push(("Accounts locked now".to_owned(), standing.locked));
    facts.push(("Accounts restricted now".to_owned(), standing.restricted));
    Ok(facts)
}
