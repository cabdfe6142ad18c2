//! The answering job: looks up what a stranger's request could not be told, and writes the mail if there is one.
//!
//! Registering, asking for a link again and forgetting a password only store what was asked, whoever owns the address.
//! So the work behind those answers is the same for every address, and what is looked up here moves no answer.

use jiff::SignedDuration;
use stockade_domain::email::EmailAddress;
use stockade_platform::db::{DbResult, Tx};
use uuid::Uuid;

use super::{
    events,
    mail_purpose::MailPurpose,
    mails,
    opaque::OpaqueToken,
    store::{
        mail_links,
        mail_requests::{self, MailRequest},
        registrations, users,
    },
};
use crate::{
    app::App,
    core::{
        actor::{Actor, Origin},
        bookkeeping::bookkeep,
        change::{Change, Outcome},
    },
    features::mail,
    http::error::ApiResult,
};

/// How long an answer may take before somebody else takes it up.
const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// How long after registering a new link may be asked for.
const RESENT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// The stretch of time in which mails to one address are counted.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Stores that somebody asked for a mail; it is the same work for every address.
pub(super) fn ask(
    change: &mut Change<'_>,
    purpose: MailPurpose,
    email: &EmailAddress,
    registration: Option<Uuid>,
) -> DbResult<()> {
    let request = MailRequest {
        id: change.new_id(),
        purpose,
        email: email.clone(),
        registration,
        origin: change.actor().origin.clone(),
    };
    let now = change.now();
    mail_requests::insert(change, &request, now)
}

/// Answers the requests whose turn it is, oldest first; answers how many there were.
pub async fn answer_mail_requests(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let due: DbResult<bool> = app
        .read(async move |reader| mail_requests::any_due(reader, now).await)
        .await;
    if !due? {
        return Ok(0);
    }
    let claimed = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        mail_requests::claim(tx, now, now + LEASE).await
    })
    .await?;
    let count = claimed.len();
    for request in claimed {
        let origin: Origin = request.origin.clone();
        let this = app.clone();
        app.change(Actor::from(origin), async move |change: &mut Change<'_>| {
            answer(&this, change, &request).await
        })
        .await?;
    }
    Ok(count)
}

/// Counts one more mail to an address; whether it may still go out.
pub(super) async fn may_mail(
    app: &App,
    change: &mut Change<'_>,
    email: &EmailAddress,
    purpose: MailPurpose,
) -> DbResult<bool> {
    let address = app.auth.address_key.tag(email.as_str().as_bytes());
    let now = change.now();
    let mails = mail_requests::count_mail(change, address, purpose, now, now - COUNTED_FOR).await?;
    Ok(mails <= app.config.mail.links_per_hour)
}

async fn answer(app: &App, change: &mut Change<'_>, request: &MailRequest) -> ApiResult<Outcome<()>> {
    change.batch(vec![mail_requests::answered(request.id)]).await?;
    if !may_mail(app, change, &request.email, request.purpose).await? {
        return withhold(app, change, request, "quota");
    }
    match request.purpose {
        MailPurpose::ConfirmAddress => {
            let asked = request.registration.map(|id| (id, change.now()));
            confirm(app, change, request, asked.into_iter().collect()).await
        }
        MailPurpose::ResendConfirmation => {
            let since = change.now() - RESENT_FOR;
            let pending = registrations::pending(change, &request.email, since).await?;
            confirm(app, change, request, pending).await
        }
        MailPurpose::ResetPassword => reset(app, change, request).await,
        MailPurpose::ChangeEmail | MailPurpose::ConfirmSignIns => {
            withhold(app, change, request, "not_by_request")
        }
    }
}

/// Mails a link for each pending registration of the address; whoever owns it already is told instead.
async fn confirm(
    app: &App,
    change: &mut Change<'_>,
    request: &MailRequest,
    pending: Vec<(Uuid, jiff::Timestamp)>,
) -> ApiResult<Outcome<()>> {
    let email = &request.email;
    if let Some(owner) = users::by_email(change, email).await? {
        change.batch(vec![registrations::drop_all(email)]).await?;
        mail::post(change, mails::address_taken(app, email.as_str()))?;
        return change.commit(events::registration_of_known_address(owner.id), ());
    }
    let expires_at = change.now() + app.config.registration.link;
    let mut links = Vec::with_capacity(pending.len());
    for (id, asked_at) in pending {
        let token = OpaqueToken::new();
        if registrations::set_link(change, id, token.hash(), expires_at).await? {
            links.push((asked_at, token));
        }
    }
    if links.is_empty() {
        return withhold(app, change, request, "nothing_pending");
    }
    mail::post(change, mails::confirm_address(app, email.as_str(), &links))?;
    let address = app.auth.address_tag(email.as_str());
    change.commit(events::link_mailed(request.purpose, &address), ())
}

/// Mails the link with which the password of an account is replaced.
async fn reset(app: &App, change: &mut Change<'_>, request: &MailRequest) -> ApiResult<Outcome<()>> {
    let email = &request.email;
    let owner = users::by_email(change, email).await?;
    let Some(owner) = owner.filter(|owner| !owner.disabled) else {
        return withhold(app, change, request, "no_account");
    };
    let token = OpaqueToken::new();
    let expires_at = change.now() + app.config.passwords.reset_link;
    let purpose = MailPurpose::ResetPassword;
    mail_links::put(change, owner.id, purpose, token.hash(), None, expires_at)?;
    mail::post(change, mails::reset_password(app, email.as_str(), &token))?;
    change.commit(events::password_reset_requested(owner.id), ())
}

fn withhold(
    app: &App,
    change: &mut Change<'_>,
    request: &MailRequest,
    why: &'static str,
) -> ApiResult<Outcome<()>> {
    let address = app.auth.address_tag(request.email.as_str());
    change.commit(events::link_withheld(request.purpose, &address, why), ())
}
