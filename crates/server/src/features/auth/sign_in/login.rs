//! `POST /auth/login`: an address and a password for a session, or for a challenge where a second factor is on. Unknown
//! address, wrong password, locked and closed account get the same answer after the same work (ASVS 6.3.8), and so does the
//! right password in a sign-in that is too risky.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use stockade_domain::{email::EmailAddress, ids::UserId, passwords};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    Recognised,
    answer::{self, LoginAnswer, SessionQuery},
    enter::{Entry, Fate, PASSWORD},
};
use crate::{
    app::App,
    core::{
        actor::Origin,
        change::{Change, Outcome},
    },
    features::{
        auth::{
            events::{self, SignInFailure},
            hashing::Compared,
            lockout::{self, Attempt, Authenticator},
            rehash::{Outdated, rehash_soon},
            store::users::{self, Credentials},
        },
        devices::{DeviceReport, Seen},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
        query::Query,
    },
};

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Login {
    #[schema(example = "ana@example.com")]
    email: String,
    #[schema(format = Password)]
    password: String,
    /// What the device says of itself.
    device: Option<DeviceReport>,
}

#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "accounts", request_body = Login,
    params(
        SessionQuery,
        ("X-Device-Id" = Option<String>, Header, description = "Names the device; whoever names it at the sign-in does so ever after. Without it the user agent counts."),
    ),
    extensions(("x-rate-limit" = json!("sign_in"))),
    responses((status = 200, body = LoginAnswer), (status = 401, body = Problem), (status = 503, body = Problem))
)]
pub(in crate::features::auth) async fn login(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<Login>,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    if let Some(report) = &ask.device {
        report.check()?;
    }
    let device = mode.device(&app, &headers, &origin, ask.device.clone());
    let set = device.cookie();
    let stand_in = app.auth.stand_ins.pick(&app, &ask.email).await?;
    let found = find(&app, &ask.email).await?;
    // A password that nobody could have chosen is compared as the empty one: in vain, but with the same work.
    let password = Zeroizing::new(passwords::normalize(&ask.password).unwrap_or_default());
    let stored = found.as_ref().map_or(&*stand_in, |user| &user.password_hash);
    let compared = app.auth.passwords.compare((*password).clone(), stored).await?;
    let Some(user) = found else {
        return turn_away(&app, &origin, &ask.email).await;
    };
    let outdated = compared.outdated.then(|| Outdated {
        user: user.id,
        password,
        stored: user.password_hash.clone(),
    });
    let attempt = SignIn {
        user,
        compared,
        device,
        report: ask.device,
    };
    let fate = app
        .change(&origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| attempt.decide(&app, change).await
        })
        .await??;
    if let Some(outdated) = outdated {
        rehash_soon(&app, &origin, outdated);
    }
    match fate {
        Fate::SignedIn(opened) => answer::session(&app, mode, *opened, set),
        Fate::Challenged(challenge) => Ok(answer::challenge(challenge, set)),
    }
}

async fn find(app: &App, email: &str) -> ApiResult<Option<Credentials>> {
    let Ok(email) = email.parse::<EmailAddress>() else {
        return Ok(None);
    };
    let found: DbResult<_> = app
        .read(async move |reader| users::by_email(reader, &email).await)
        .await;
    Ok(found?)
}

/// Nobody has this address.
async fn turn_away(app: &App, origin: &Origin, email: &str) -> ApiResult<Response> {
    let event = events::sign_in_failed(None, SignInFailure::UnknownAccount, &app.auth.address_tag(email));
    app.change(origin, async move |change: &mut Change<'_>| {
        change.refuse(event.clone(), refused())
    })
    .await
}

/// An address that is known, and what its password came to.
struct SignIn {
    user: Credentials,
    compared: Compared,
    device: Seen,
    report: Option<DeviceReport>,
}

impl SignIn {
    /// A failure is committed, since it is counted, and refused all the same.
    async fn decide(&self, app: &App, change: &mut Change<'_>) -> ApiResult<Outcome<ApiResult<Fate>>> {
        let id = self.user.id;
        // The password may have been changed, or the account disabled, while the hash was computed.
        let current = users::lock(change, id).await?;
        let attempt = Attempt::on(app, change, id, &self.device).await?;
        let guard = lockout::guard(app, change, id, Authenticator::Password, attempt).await?;
        if !guard.is_open(change) {
            return fail(change, id, SignInFailure::Locked);
        }
        if !self.compared.matches {
            guard.fail(app, change).await?;
            return fail(change, id, SignInFailure::WrongPassword);
        }
        let Some(current) = current.filter(|current| current.password_hash == self.user.password_hash) else {
            return fail(change, id, SignInFailure::PasswordReplaced);
        };
        if !current.may_sign_in() {
            return fail(change, id, SignInFailure::AccountClosed);
        }
        let entry = Entry {
            user: &current,
            device: &self.device,
            attempt,
            recognised: Recognised {
                user: id,
                amr: PASSWORD.to_owned(),
                binding: self.device.binding(),
                report: self.report.clone(),
                failures: 0,
            },
            trust_counts: true,
            too_risky: refused,
        };
        entry.decide(app, change).await
    }
}

fn fail(change: &mut Change<'_>, user: UserId, why: SignInFailure) -> ApiResult<Outcome<ApiResult<Fate>>> {
    change.commit(events::sign_in_failed(Some(user), why, ""), Err(refused().into()))
}

/// One text for every reason.
fn refused() -> Problem {
    Problem::unauthorized("sign_in.failed", "the address or the password is wrong")
}
