//! `POST /auth/login`: an address and a password for a session. Unknown address, wrong password and disabled account
//! get the same answer after the same work.

use axum::{Json as Answer, extract::State, http::HeaderMap};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    email::EmailAddress,
    ids::{SessionId, UserId},
    passwords,
};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{
    access_token::Bearer,
    device::device_hash,
    events::{self, SignInFailure},
    opaque::OpaqueToken,
    store::{
        sessions::{self, NewSession},
        users::{self, Credentials},
    },
    users::UserView,
};
use crate::{
    app::App,
    core::{actor::Origin, change::Change},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Longest device report kept, in bytes of JSON.
const LONGEST_REPORT: usize = 4_096;
/// How somebody proves who they are with a password alone (RFC 8176 §2).
const PASSWORD: &str = "pwd";

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    #[schema(example = "ana@example.com")]
    email: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
    /// What the device says of itself.
    device: Option<DeviceReport>,
}

/// What a device says of itself. All of it may be left out.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2560x1440x24")]
    screen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Oslo")]
    timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    languages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    plugins: Vec<String>,
}

/// A session's tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    /// Sent as `Authorization: Bearer …`.
    pub(super) access_token: String,
    /// Turned in at `/auth/refresh` for the next pair, once.
    pub(super) refresh_token: String,
    /// Always `bearer`.
    pub(super) token_type: &'static str,
    /// Seconds until the access token expires.
    pub(super) expires_in: i64,
    pub(super) user: UserView,
}

#[utoipa::path(
    post, path = "/auth/login", tag = "accounts", request_body = Login,
    params(("X-Device-Id" = Option<String>, Header, description = "Names the device; without it the user agent does.")),
    responses((status = 200, body = Tokens), (status = 401, body = Problem), (status = 503, body = Problem))
)]
pub(super) async fn login(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Json(ask): Json<Login>,
) -> ApiResult<Answer<Tokens>> {
    check_report(ask.device.as_ref())?;
    let found = find(&app, &ask.email).await?;
    // A password that nobody could have chosen is compared as the empty one: in vain, but with the same work.
    let password = passwords::normalize(&ask.password).unwrap_or_default();
    let compared = app
        .auth
        .passwords
        .compare(password, found.as_ref().map(|user| user.password_hash.as_str()))
        .await?;
    let user = match found {
        Some(user) if compared.matches && !user.disabled => user,
        Some(user) if compared.matches => {
            return fail(
                &app,
                &origin,
                Some(user.id),
                SignInFailure::AccountDisabled,
                &ask.email,
            )
            .await;
        }
        Some(user) => {
            return fail(
                &app,
                &origin,
                Some(user.id),
                SignInFailure::WrongPassword,
                &ask.email,
            )
            .await;
        }
        None => return fail(&app, &origin, None, SignInFailure::UnknownAccount, &ask.email).await,
    };
    let email = ask
        .email
        .parse::<EmailAddress>()
        .map(|email| email.as_str().to_owned())
        .unwrap_or_default();
    let view = UserView {
        id: user.id.as_uuid(),
        email,
        name: user.name.clone(),
        role: user.role,
    };
    let start = Start {
        user,
        upgrade: compared.upgrade,
        device_hash: device_hash(&headers),
        device: ask.device,
    };
    let device_hash = start.device_hash;
    let (session, refresh_token, at) = open_session(&app, origin, start).await?;
    let grant = Grant {
        user: view,
        session,
        amr: PASSWORD.into(),
        auth_time: at,
        device_hash,
        refresh_token,
    };
    tokens(&app, grant, at)
}

fn check_report(device: Option<&DeviceReport>) -> ApiResult<()> {
    let length = serde_json::to_vec(&device).map_or(0, |json| json.len());
    if length <= LONGEST_REPORT {
        return Ok(());
    }
    let detail = format!("the device report may be {LONGEST_REPORT} bytes at most");
    Err(Problem::unprocessable("device.too_long", &*detail)
        .field("device", detail)
        .into())
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

/// What a session starts from.
struct Start {
    user: Credentials,
    upgrade: Option<String>,
    device_hash: [u8; 32],
    device: Option<DeviceReport>,
}

async fn open_session(
    app: &App,
    origin: Origin,
    start: Start,
) -> ApiResult<(SessionId, OpaqueToken, Timestamp)> {
    let life = app.config.tokens.refresh;
    app.change(&origin.clone(), async move |change: &mut Change<'_>| {
        let Start {
            user,
            upgrade,
            device_hash,
            device,
        } = &start;
        // The password may have been changed, or the account disabled, while the hash was computed.
        let current = users::lock(change, user.id).await?;
        if current.is_none_or(|current| current.disabled || current.password_hash != user.password_hash) {
            let event = events::sign_in_failed(Some(user.id), SignInFailure::PasswordReplaced, "");
            return change.refuse(event, refused());
        }
        let now = change.now();
        let (session, token) = (SessionId::from_uuid(change.new_id()), OpaqueToken::new());
        sessions::insert(
            change,
            &NewSession {
                id: session,
                user: user.id,
                device_hash: *device_hash,
                amr: PASSWORD,
                origin: &origin,
                created_at: now,
                expires_at: now + life,
            },
        )?;
        sessions::insert_refresh(change, token.hash(), session, now + life)?;
        if let Some(hash) = upgrade {
            users::set_password_hash(change, user.id, hash)?;
            change.also(events::password_rehashed(user.id));
        }
        change.commit(
            events::signed_in(user.id, session, device.as_ref()),
            (session, token, now),
        )
    })
    .await
}

/// What a sign-in or a refresh came to.
pub(super) struct Grant {
    pub(super) user: UserView,
    pub(super) session: SessionId,
    /// How the person proved who they are, words with blanks between them.
    pub(super) amr: String,
    pub(super) auth_time: Timestamp,
    pub(super) device_hash: [u8; 32],
    pub(super) refresh_token: OpaqueToken,
}

/// The answer to a sign-in or a refresh.
pub(super) fn tokens(app: &App, grant: Grant, now: Timestamp) -> ApiResult<Answer<Tokens>> {
    let bearer = Bearer {
        user: UserId::from_uuid(grant.user.id),
        session: grant.session,
        amr: &grant.amr,
        auth_time: grant.auth_time,
        device_hash: grant.device_hash,
    };
    Ok(Answer(Tokens {
        access_token: app.auth.access.issue(&bearer, now)?,
        refresh_token: grant.refresh_token.as_str().to_owned(),
        token_type: "bearer",
        expires_in: app.auth.access.life().as_secs(),
        user: grant.user,
    }))
}

async fn fail<T>(
    app: &App,
    origin: &Origin,
    user: Option<UserId>,
    why: SignInFailure,
    email: &str,
) -> ApiResult<T>
where
    T: Send + 'static,
{
    let event = events::sign_in_failed(user, why, &app.auth.address_tag(email));
    app.change(origin, async move |change: &mut Change<'_>| {
        change.refuse(event.clone(), refused())
    })
    .await
}

/// One text for every reason.
fn refused() -> Problem {
    Problem::unauthorized("sign_in.failed", "the address or the password is wrong")
}
