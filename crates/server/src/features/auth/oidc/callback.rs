//! `GET /auth/oidc/{provider}/callback`: a browser comes back with a code, and ends on a page of ours: signed in,
//! asked for a second factor, or told why not by a stable code. Nothing the provider wrote stands in that address.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use stockade_platform::db::{DbResult, Reader};
use utoipa::IntoParams;

use super::{
    admit::Admission,
    departure, discovery,
    identity::{self, Identity},
    links, not_believed, unknown_provider,
};
use crate::{
    app::App,
    config::{OidcKind, OidcProvider},
    core::{actor::Origin, change::Change},
    features::auth::{
        cookies, events,
        sign_in::{
            answer::{self, SessionQuery},
            enter::Fate,
        },
        store::{oidc_links, oidc_states::LinkFor, users},
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        query::Query,
    },
    security::rate_limit::Counted,
};

const SIGN_IN_PAGE: &str = "/sign-in";
const SECOND_FACTOR_PAGE: &str = "/login/second-factor";
const SECURITY_PAGE: &str = "/security";
const FIRST_PAGE: &str = "/";

/// What a provider sends back. More may stand there, and is passed over (RFC 6749 §4.1.2).
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::features::auth) struct Returned {
    state: Option<String>,
    code: Option<String>,
    /// RFC 6749 §4.1.2.1.
    error: Option<String>,
    /// RFC 9207.
    iss: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/auth/oidc/{provider}/callback", tag = "accounts", params(("provider" = String, Path), Returned),
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((
        status = 303,
        description = "To `/` with a session in cookies; to `/login/second-factor#challenge=…&methods=…`; to \
            `/security?linked=PROVIDER`; or to `/sign-in?error=CODE` or `/security?error=CODE`."
    ))
)]
pub(in crate::features::auth) async fn callback(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    counted: Counted,
    Path(provider): Path<String>,
    Query(returned): Query<Returned>,
) -> Response {
    let Some(provider) = app.config.oidc.provider(&provider) else {
        return to_sign_in(&app, unknown_provider().into());
    };
    let state = returned.state.as_deref().unwrap_or_default();
    let taken = match departure::arrive(&app, &headers, provider, state).await {
        Ok(Some(taken)) => taken,
        Ok(None) => return to_sign_in(&app, refuse(&app, &origin, provider, not_yours().into()).await),
        Err(error) => return to_sign_in(&app, error),
    };
    let page = taken.link.as_ref().map_or(SIGN_IN_PAGE, |_| SECURITY_PAGE);
    let identity = match identify(&app, provider, &returned, state).await {
        Ok(identity) => identity,
        Err(error) => {
            return to_error(&app, page, refuse(&app, &origin, provider, error).await);
        }
    };
    let subject_hash = identity.hash(provider);
    if let Err(error) = count(&app, &counted, taken.link.as_ref(), &identity, subject_hash).await {
        return to_error(&app, page, error);
    }
    match taken.link {
        None => sign_in(&app, &origin, &headers, provider, identity)
            .await
            .unwrap_or_else(|error| to_sign_in(&app, error)),
        Some(link) => match links::complete(&app, &origin, provider, link, subject_hash).await {
            Ok(()) => go(
                &app,
                &format!("{SECURITY_PAGE}?linked={}", provider.name),
                Vec::new(),
            ),
            Err(error) => to_error(&app, SECURITY_PAGE, error),
        },
    }
}

/// Counts the request on whom it is about, who is known only now: whom the link is for, whose it is, or who has the address.
/// Nobody is made by this, so a newcomer counts by address alone.
async fn count(
    app: &App,
    counted: &Counted,
    link: Option<&LinkFor>,
    identity: &Identity,
    subject_hash: [u8; 32],
) -> ApiResult<()> {
    let user = match link {
        Some(link) => Some(link.user),
        None => {
            let email = identity.email.clone();
            let found: DbResult<_> = app
                .read(async move |reader: &mut Reader| {
                    if let Some(owner) = oidc_links::owner(reader, subject_hash).await? {
                        return Ok(Some(owner));
                    }
                    let Some(email) = email else { return Ok(None) };
                    Ok(users::by_email(reader, &email).await?.map(|user| user.id))
                })
                .await;
            found?
        }
    };
    match user {
        Some(user) => counted.on(app, user).await,
        None => Ok(()),
    }
}

/// Back to the sign-in page, which is told what happened.
pub(super) fn to_sign_in(app: &App, error: ApiError) -> Response {
    to_error(app, SIGN_IN_PAGE, error)
}

async fn identify(
    app: &App,
    provider: &OidcProvider,
    returned: &Returned,
    state: &str,
) -> ApiResult<Identity> {
    check_issuer(app, provider, returned.iss.as_deref()).await?;
    match (&returned.error, &returned.code) {
        (Some(error), _) if error == "access_denied" => Err(cancelled().into()),
        (Some(_), _) => Err(not_believed(provider, "the provider answered with an error")),
        (None, None) => Err(not_believed(provider, "the provider sent no code")),
        (None, Some(code)) => identity::identify(app, provider, code, state).await,
    }
}

/// An answer of one provider must not be brought to another (RFC 9207 §2.4).
async fn check_issuer(app: &App, provider: &OidcProvider, iss: Option<&str>) -> ApiResult<()> {
    if provider.kind == OidcKind::GitHub {
        return Ok(());
    }
    let known = discovery::of(app, provider).await?;
    let required = known.metadata.authorization_response_iss_parameter_supported;
    match iss {
        Some(iss) if iss == provider.issuer => Ok(()),
        None if !required => Ok(()),
        _ => Err(not_believed(provider, "the answer is another provider's")),
    }
}

async fn sign_in(
    app: &App,
    origin: &Origin,
    headers: &HeaderMap,
    provider: &OidcProvider,
    identity: Identity,
) -> ApiResult<Response> {
    let device = SessionQuery::COOKIE.device(app, headers, origin, None);
    let set = device.cookie();
    let admission = Admission {
        provider: provider.name.clone(),
        subject_hash: identity.hash(provider),
        identity,
        device,
        no_password: app.auth.passwords.none(),
    };
    let fate = app
        .change(origin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| admission.decide(&app, change).await
        })
        .await??;
    match fate {
        Fate::SignedIn(opened) => {
            let signed_in = answer::session(app, SessionQuery::COOKIE, *opened, set)?;
            let set = signed_in.headers().get_all(header::SET_COOKIE);
            Ok(go(app, FIRST_PAGE, set.iter().cloned().collect()))
        }
        Fate::Challenged(challenge) => {
            let to = format!("{SECOND_FACTOR_PAGE}#{}", challenge.fragment());
            Ok(go(app, &to, set.into_iter().collect()))
        }
    }
}

/// Puts a refusal on record. What is no refusal is passed on.
async fn refuse(app: &App, origin: &Origin, provider: &OidcProvider, error: ApiError) -> ApiError {
    let ApiError::Refused(problem) = error else {
        return error;
    };
    let name = provider.name.clone();
    let recorded: ApiResult<()> = app
        .change(origin, async move |change: &mut Change<'_>| {
            change.refuse(events::oidc_refused(&name, problem.code), (*problem).clone())
        })
        .await;
    recorded.err().unwrap_or_else(|| not_yours().into())
}

fn to_error(app: &App, page: &str, error: ApiError) -> Response {
    // A fault is logged as it becomes an answer, which holds the code that may be shown.
    let answer = error.into_response();
    let code = answer
        .extensions()
        .get::<Problem>()
        .map_or("internal", |problem| problem.code);
    go(app, &format!("{page}?error={code}"), Vec::new())
}

/// To a page of ours. The cookie of the way there has done its work.
fn go(app: &App, to: &str, set: Vec<HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let ended = cookies::oidc(app, "", 0);
    let ended = HeaderValue::from_str(&ended).into_iter();
    for cookie in set.into_iter().chain(ended) {
        headers.append(header::SET_COOKIE, cookie);
    }
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static(SIGN_IN_PAGE));
    headers.insert(header::LOCATION, to);
    response
}

fn not_yours() -> Problem {
    let detail = "this sign-in began in another browser, has expired or was finished; begin again";
    Problem::unauthorized("oidc.state_invalid", detail)
}

fn cancelled() -> Problem {
    Problem::unauthorized("oidc.cancelled", "you said no at the provider")
}
