//! The delivering job: leases what is due, hands it to the mailer, and takes it out of the outbox. A crash in between
//! delivers again when the lease has run out.

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    db::{DbResult, Query, Tx},
    mail::{Mail, MailError},
};

use super::store::{self, Waiting};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// How long a delivery may take before somebody else takes it up.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Tries before a mail is given up: more than half a day.
const MOST_TRIES: i64 = 20;
/// How long a mail that was given up is kept, for whoever looks into it.
const FAILED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Delivers what is due; answers how many mails went out.
pub async fn deliver_mail(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let due: DbResult<bool> = app
        .read(async move |reader| store::any_due(reader, now).await)
        .await;
    if !due? {
        return Ok(0);
    }
    let claimed = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::claim(tx, now, now + LEASE).await
    })
    .await?;
    let mut sent = 0;
    for waiting in claimed {
        let fate = match app.mailer.send(&mail(&waiting)).await {
            Ok(()) => {
                sent += 1;
                store::delivered(waiting.id)
            }
            Err(error) => failed(&waiting, &error, app.clock.now()),
        };
        bookkeep(&app.core.db, async move |tx: &mut Tx| {
            tx.batch(vec![fate.clone(), store::drop_failed(now - FAILED_KEPT)])
                .await
        })
        .await?;
    }
    Ok(sent)
}

fn mail(waiting: &Waiting) -> Mail {
    Mail {
        id: waiting.id,
        at: waiting.created_at,
        to: ascii_address(&waiting.recipient),
        subject: waiting.subject.clone(),
        text: waiting.text.clone(),
        html: waiting.html.clone(),
    }
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
    let hopeless = matches!(error, MailError::InvalidAddress | MailError::InvalidSubject);
    if hopeless || waiting.tries >= MOST_TRIES {
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
