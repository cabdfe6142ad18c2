//! The delivering job: leases what is due, sends it in parallel, and notes what came of it.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, header};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use stockade_platform::{
    db::{DbResult, Reader, Tx},
    web_client::{WebError, WebRequest},
};

use super::{
    disable::{Why, disable},
    secret::{Secret, place},
    store::{self, Due},
};
use crate::{
    app::App,
    core::{bookkeeping::bookkeep, keys::PLATFORM},
    http::error::ApiResult,
};

/// How long a delivery may take before somebody else takes it up; longer than any request.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long a receiver may take, and how much of its answer is read.
const TIME: Duration = Duration::from_secs(15);
const LONGEST_ANSWER: usize = 64 * 1024;
/// Pauses before the tries that follow the first, in seconds: from 5 seconds to a day, three days in all.
const PAUSES: [i64; 8] = [5, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 86_400];
/// A receiver that fails for so long is switched off.
const LONGEST_FAILURE: SignedDuration = SignedDuration::from_hours(24 * 5);
/// How long settled deliveries are listed.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// What a receiver answers that wants no more (RFC 9110 §15.5.11).
const GONE: i64 = 410;

/// What came of a try.
enum Outcome {
    /// The receiver answered with this status.
    Answered(i64),
    /// It did not, because of this.
    Failed(String),
    /// The webhook was deleted or switched off meanwhile.
    Nothing,
}

/// Where a delivery goes.
enum Target {
    /// To this address, signed with this.
    Of(String, Secret),
    /// The webhook was deleted or switched off meanwhile.
    None,
    /// The stored secret does not open.
    Tampered,
}

/// Delivers what is due; answers how many receivers took theirs.
pub async fn deliver_webhooks(app: &App) -> ApiResult<usize> {
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
    let settled = join_all(claimed.iter().map(|due| async move {
        let outcome = attempt(app, due).await?;
        settle(app, due, outcome).await
    }));
    let mut delivered = 0;
    for one in settled.await {
        delivered += usize::from(one?);
    }
    Ok(delivered)
}

/// Drops old deliveries and switches off receivers that have failed for too long; answers how many.
pub async fn prune_deliveries(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let failing: DbResult<Vec<_>> = app
        .read(async move |reader| store::failing(reader, now - LONGEST_FAILURE).await)
        .await;
    let failing = failing?;
    for id in &failing {
        disable(app, *id, Why::Failing).await?;
    }
    let dropped = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::drop_settled(now - KEPT).run(tx).await
    })
    .await?;
    Ok(failing.len() + dropped as usize)
}

async fn attempt(app: &App, due: &Due) -> ApiResult<Outcome> {
    let (url, secret) = match target(app, due).await? {
        Target::Of(url, secret) => (url, secret),
        Target::None => return Ok(Outcome::Nothing),
        Target::Tampered => {
            disable(app, due.webhook, Why::SecretTampered).await?;
            return Ok(Outcome::Nothing);
        }
    };
    let sent = match request(&url, &secret, due, app.clock.now()) {
        Ok(request) => app.web.send(request).await,
        Err(error) => Err(error),
    };
    Ok(match sent {
        Ok(answer) => Outcome::Answered(answer.status.as_u16().into()),
        Err(error) => Outcome::Failed(error.to_string()),
    })
}

/// Reads where a delivery goes and what it is signed with.
async fn target(app: &App, due: &Due) -> ApiResult<Target> {
    let (core, id) = (app.core.clone(), due.webhook);
    let found: DbResult<_> = app
        .read(async move |reader: &mut Reader| {
            let (Some(webhook), Some(sealed), Some(key)) = (
                store::one(reader, id).await?,
                store::sealed_secret(reader, id).await?,
                core.keys.of(reader, PLATFORM).await?,
            ) else {
                return Ok(Target::None);
            };
            Ok(match key.open(&place(&id), &sealed) {
                Ok(clear) => Target::Of(webhook.url, Secret::from_bytes(clear.expose_secret())),
                Err(_) => Target::Tampered,
            })
        })
        .await;
    Ok(found?)
}

/// The request with the three headers of Standard Webhooks.
fn request(url: &str, secret: &Secret, due: &Due, now: Timestamp) -> Result<WebRequest, WebError> {
    let (id, second) = (format!("msg_{}", due.id.simple()), now.as_second());
    let signature = secret.sign(&id, second, &due.body);
    let value = |text: String| HeaderValue::try_from(text).expect("ids, numbers and base64 are ASCII");
    Ok(WebRequest::post(url, due.body.clone())?
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(HeaderName::from_static("webhook-id"), value(id))
        .header(
            HeaderName::from_static("webhook-timestamp"),
            value(second.to_string()),
        )
        .header(HeaderName::from_static("webhook-signature"), value(signature))
        .within(TIME)
        .at_most(LONGEST_ANSWER))
}

/// Notes what came of a try; true when the receiver took it.
async fn settle(app: &App, due: &Due, outcome: Outcome) -> ApiResult<bool> {
    let now = app.clock.now();
    let (status, problem) = match outcome {
        Outcome::Nothing => return Ok(false),
        Outcome::Answered(status) if (200..300).contains(&status) => {
            let noted = store::delivered(due, status, now);
            bookkeep(&app.core.db, async move |tx: &mut Tx| {
                tx.batch(noted.clone()).await
            })
            .await?;
            return Ok(true);
        }
        Outcome::Answered(status) => (Some(status), format!("the receiver answered {status}")),
        Outcome::Failed(problem) => (None, problem),
    };
    tracing::info!(webhook = %due.webhook, delivery = %due.id, tries = due.tries, problem, "a webhook was not delivered");
    let again = usize::try_from(due.tries - 1)
        .ok()
        .and_then(|done| PAUSES.get(done));
    let again = again.map(|seconds| now + SignedDuration::from_secs(*seconds));
    let noted = store::failed(due, status, &problem, again, now);
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        tx.batch(noted.clone()).await
    })
    .await?;
    if status == Some(GONE) {
        disable(app, due.webhook, Why::Gone).await?;
    }
    Ok(false)
}
