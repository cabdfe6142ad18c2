//! The delivering job: leases what is due, hands it to the mailer, and takes it out of the outbox. A crash in between
//! delivers again when the lease has run out.

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    db::{DbResult, Query, Tx},
    mail::{Mail, MailError, Mailer},
};

use super::{
    render::render,
    store::{self, Allowance, Waiting},
};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// How long a delivery may take before somebody else takes it up.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// So much of the lease must be left for one more mail, which may take a minute.
const LEFT: SignedDuration = SignedDuration::from_mins(2);
/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// How long delivery is tried (RFC 5321 §4.5.4.1).
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24 * 5);

/// Delivers what is due; answers how many mails went out.
pub async fn deliver_mail(app: &App) -> ApiResult<usize> {
    let Some(mailer) = &app.mailer else {
        return Ok(0);
    };
    let now = app.clock.now();
    let due: DbResult<bool> = app
        .read(async move |reader| store::any_due(reader, now).await)
        .await;
    if !due? {
        return Ok(0);
    }
    let mut sent = 0;
    let mut outage = None;
    for waiting in claim(app, now).await? {
        if app.clock.now() > now + LEASE - LEFT {
            break;
        }
        let result = match outage.take() {
            // The others would fare no better.
            Some(error) => Err(error),
            None => send(app, mailer, &waiting).await,
        };
        let fate = match result {
            Ok(()) => {
                sent += 1;
                store::remove(waiting.id)
            }
            Err(error) => {
                let fate = failed(&waiting, &error, app.clock.now());
                outage = error.is_outage().then_some(error);
                fate
            }
        };
        bookkeep(&app.core.db, async move |tx: &mut Tx| fate.clone().run(tx).await).await?;
    }
    Ok(sent)
}

/// Leases mails, without those of which the recipient has had enough and those that came too late.
async fn claim(app: &App, now: Timestamp) -> DbResult<Vec<Waiting>> {
    let allowance = Allowance {
        now: now.as_microsecond(),
        interval: i64::try_from(app.config.mail.interval.as_micros()).unwrap_or(i64::MAX),
        burst: app.config.mail.burst.into(),
    };
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        let mut kept = Vec::new();
        let mut fates = Vec::new();
        for mut waiting in store::claim(tx, now, now + LEASE).await? {
            if waiting.content.until.is_some_and(|until| until <= now) {
                tracing::warn!(mail = %waiting.id, kind = waiting.kind, "a mail came too late to be sent");
                fates.push(store::remove(waiting.id));
                continue;
            }
            if waiting.tries == 1 {
                let Some(told) = allowance.take(tx, &waiting.recipient, &waiting.kind).await? else {
                    tracing::info!(mail = %waiting.id, kind = waiting.kind, "a mail was held back: one too many of its kind");
                    fates.push(store::remove(waiting.id));
                    continue;
                };
                if told > 0 {
                    fates.push(store::hold_back(waiting.id, told));
                    waiting.held_back = told;
                }
            }
            kept.push(waiting);
        }
        tx.batch(fates).await?;
        Ok(kept)
    })
    .await
}

async fn send(app: &App, mailer: &Mailer, waiting: &Waiting) -> Result<(), MailError> {
    let rendered = render(&waiting.content, waiting.held_back, &app.config.server.public_url);
    let mail = Mail {
        id: waiting.id,
        at: waiting.created_at,
        to: ascii_address(&waiting.recipient),
        subject: waiting.content.subject.clone(),
        text: rendered.text,
        html: rendered.html,
    };
    mailer.send(&mail).await
}

/// An international domain in its `xn--` form (RFC 5891 §4.4). Whatever is no address stays as it is, for the mailer to
/// refuse.
fn ascii_address(address: &str) -> String {
    match address
        .rsplit_once('@')
        .map(|(local, domain)| (local, idna::domain_to_ascii(domain)))
    {
        Some((local, Ok(domain))) => format!("{local}@{domain}"),
        _ => address.to_owned(),
    }
}

fn failed(waiting: &Waiting, error: &MailError, now: Timestamp) -> Query {
    if error.is_permanent() || waiting.created_at + LONGEST_WAIT < now {
        tracing::error!(mail = %waiting.id, %error, tries = waiting.tries, "a mail was given up");
        return store::give_up(waiting.id, now);
    }
    tracing::warn!(mail = %waiting.id, %error, tries = waiting.tries, "a mail will be tried again");
    store::try_again(waiting.id, now + pause(waiting.tries))
}

fn pause(tries: i64) -> SignedDuration {
    let doublings = u32::try_from(tries - 1).unwrap_or(0).min(10);
    (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<_> = [1, 2, 3, 8, 9, 19].map(|tries| pause(tries).as_secs()).into();
        assert_eq!(seconds, [15, 30, 60, 1920, 3600, 3600]);
    }

    #[test]
    fn international_domains_become_ascii() {
        assert_eq!(ascii_address("ana@bücher.example"), "ana@xn--bcher-kva.example");
        assert_eq!(ascii_address("ana@example.com"), "ana@example.com");
        assert_eq!(ascii_address("no address"), "no address");
    }
}
