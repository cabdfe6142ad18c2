//! `POST /auth/not-me`: the "this wasn't me" of a mail. Whoever holds the mailbox says that a stranger signed in, so the
//! stranger knows the password. Every session ends, the stranger's device is forgotten, links that were mailed are void,
//! whatever lets somebody in and was made since that sign-in is taken away, and nobody signs in until the password has
//! been reset by mail.
//!
//! Where the only second factor was set up since, it goes as well, since it may be the stranger's; but it may be the
//! owner's, and the stranger may be whoever reads their mail. So the account is frozen, and the people who run this place
//! find out who is who: a mailbox alone never leads past a second factor to anything but looking.
//!
//! The link carries person, session and an HMAC over both: nothing is stored until it is used, it works for seven days
//! after the sign-in it speaks of, and it takes effect once.

use axum::{extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::SignedDuration;
use serde::Deserialize;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::vault::MacKey;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events, made_since,
    restriction::{self, Indicator},
    revocations, second_factors,
    store::{mail_links, sessions, users},
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    features::{devices, risk},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// How long after the sign-in the link works.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The link for a mail about a sign-in. Whoever opens it and presses its button says that it was not them.
pub fn not_me_link(app: &App, user: UserId, session: SessionId) -> String {
    let token = token(&app.auth.not_me_key, user, session);
    format!("{}/not-me?token={token}", app.config.server.public_url)
}

/// The token of the mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotMe {
    token: String,
}

#[utoipa::path(
    post, path = "/api/v1/auth/not-me", tag = "accounts", request_body = NotMe,
    extensions(("x-rate-limit" = json!("recovery"))),
    responses(
        (status = 204, description = "Every session is ended; reset the password to sign in again."),
        (status = 422, body = Problem),
    )
)]
pub(super) async fn not_me(
    State(app): State<App>,
    origin: Origin,
    Json(ask): Json<NotMe>,
) -> ApiResult<StatusCode> {
    let named = read(&app.auth.not_me_key, &ask.token);
    app.change(&origin, {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let Some((user, session)) = named else {
                return change.refuse(events::not_me_refused(None), invalid());
            };
            let now = change.now();
            // The person's row first, as at a sign-in, so that none slips through beside it.
            users::lock(change, user).await?;
            let Some((device, since)) = sessions::disown(change, user, session, now - LIFE, now).await?
            else {
                return change.refuse(events::not_me_refused(Some(user)), invalid());
            };
            if let Some(device) = device
                && let Some(revoked) = devices::revoke(&app, change, user, device).await?
            {
                change.also(revoked);
            }
            risk::disown(&app, change, user, session).await?;
            let ended = sessions::revoke_all(change, user, now).await?;
            users::lock_to_recovery(change, user, now)?;
            // A link that the stranger asked for must not lead past the lock, such as to an address of theirs.
            change.batch(vec![mail_links::void_all(user)]).await?;
            let had_second_factor = second_factors::is_on(change, user).await?;
            let taken = made_since::take_away(&app, change, user, since).await?;
            if had_second_factor && !second_factors::is_on(change, user).await? {
                restriction::freeze(change, user, Indicator::NotMe, since).await?;
            }
            let event = events::not_me_reported(user, session, device, &ended, taken);
            revocations::follow_up(&app, change, ended)?;
            restriction::note(&app, change, user, Indicator::NotMe).await?;
            change.commit(event, ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn token(key: &MacKey, user: UserId, session: SessionId) -> String {
    let (user, session) = (user.as_uuid(), session.as_uuid());
    let named = [*user.as_bytes(), *session.as_bytes()].concat();
    BASE64.encode([&named[..], &key.tag(&named)].concat())
}

/// Whom and which sign-in a token of ours names.
fn read(key: &MacKey, token: &str) -> Option<(UserId, SessionId)> {
    let bytes = BASE64.decode(token).ok()?;
    let (named, tag) = bytes.split_at_checked(32)?;
    if !key.verify(named, tag) {
        return None;
    }
    let (user, session) = named.split_at(16);
    Some((
        UserId::from_uuid(Uuid::from_slice(user).ok()?),
        SessionId::from_uuid(Uuid::from_slice(session).ok()?),
    ))
}

fn invalid() -> Problem {
    let detail = "this link was used before or has expired; if you did not sign in, reset your password";
    Problem::unprocessable("not_me.link_invalid", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_whole_token_is_read() {
        let key = MacKey::new(&[1; 32]);
        let (user, session) = (
            UserId::from_uuid(Uuid::from_u128(1)),
            SessionId::from_uuid(Uuid::from_u128(2)),
        );
        let good = token(&key, user, session);
        assert_eq!(read(&key, &good), Some((user, session)));
        assert_eq!(read(&MacKey::new(&[2; 32]), &good), None);
        let mut bytes = BASE64.decode(&good).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(read(&key, &BASE64.encode(&bytes)), None, "byte {at}");
            bytes[at] ^= 1;
        }
        for length in 0..bytes.len() {
            assert_eq!(
                read(&key, &BASE64.encode(&bytes[..length])),
                None,
                "{length} bytes"
            );
        }
        assert_eq!(read(&key, "not base64!"), None);
    }
}
