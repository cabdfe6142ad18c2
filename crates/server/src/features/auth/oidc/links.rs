//! `/auth/oidc/links…`: which of somebody's accounts elsewhere sign in here. Adding and taking away is proven by
//! step-up, since a link is a way in (NIST SP 800-63B-4 §4.1.2): a page that makes a browser visit a provider
//! cannot add one.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;

use super::{departure::Departure, unknown_provider};
use crate::{
    app::App,
    config::OidcProvider,
    core::{
        actor::{Origin, SignedIn},
        change::Change,
    },
    features::auth::{
        events,
        sign_in::answer::with_cookies,
        store::{
            oidc_links::{self, Link},
            oidc_states::LinkFor,
            sessions, users,
        },
    },
    http::error::{ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// One's links.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct OidcLinks {
    items: Vec<OidcLinkView>,
}

/// An account elsewhere that signs in here.
#[derive(Serialize, ToSchema)]
pub struct OidcLinkView {
    #[schema(example = "google")]
    provider: String,
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Link> for OidcLinkView {
    fn from(link: Link) -> Self {
        Self {
            provider: link.provider,
            linked_at: link.created_at,
            last_used_at: link.last_used_at,
        }
    }
}

/// Where the browser goes to link.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct LinkBegun {
    url: String,
}

#[utoipa::path(
    get, path = "/api/v1/auth/oidc/links", tag = "accounts",
    responses((status = 200, body = OidcLinks), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn list(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<Answer<OidcLinks>> {
    let links: DbResult<_> = app
        .read(async move |reader| own_links(reader, user.id).await)
        .await;
    Ok(Answer(OidcLinks { items: links? }))
}

/// A person's links.
pub(in crate::features::auth) async fn own_links(
    on: &mut impl Queryable,
    owner: UserId,
) -> DbResult<Vec<OidcLinkView>> {
    let links = oidc_links::of_owner(on, owner).await?;
    Ok(links.into_iter().map(OidcLinkView::from).collect())
}

#[utoipa::path(
    post, path = "/api/v1/auth/oidc/links/{provider}", tag = "accounts", params(("provider" = String, Path)),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses(
        (status = 200, body = LinkBegun), (status = 403, body = Problem), (status = 404, body = Problem),
    )
)]
pub(in crate::features::auth) async fn link(
    State(app): State<App>,
    Path(provider): Path<String>,
    SteppedUp { user, ask: () }: SteppedUp<()>,
) -> ApiResult<Response> {
    let provider = app.config.oidc.provider(&provider).ok_or_else(unknown_provider)?;
    let departure = Departure::new(&app, provider).await?;
    let link = LinkFor {
        user: user.id,
        session: user.session,
    };
    app.change(&user, {
        let (departure, name) = (departure.clone(), provider.name.clone());
        async move |change: &mut Change<'_>| {
            let now = change.now();
            departure.insert(change, Some(link), now)?;
            change.commit(events::oidc_link_requested(link.user, &name), ())
        }
    })
    .await?;
    let set = with_cookies(vec![departure.cookie(&app)]);
    let url = departure.url().to_owned();
    Ok((set, Answer(LinkBegun { url })).into_response())
}

/// Links what somebody brought from the provider, if they are still who asked for it.
///
/// # Errors
/// 401 `session.ended`; 409 `oidc.linked_elsewhere`, `oidc.already_linked`.
pub(super) async fn complete(
    app: &App,
    origin: &Origin,
    provider: &OidcProvider,
    link: LinkFor,
    subject_hash: [u8; 32],
) -> ApiResult<()> {
    let name = provider.name.clone();
    app.change(origin, async move |change: &mut Change<'_>| {
        let holder = sessions::holder(change, link.user, link.session).await?;
        let problem = match oidc_links::owner(change, subject_hash).await? {
            _ if holder.is_none_or(|holder| holder.ended) => session_ended(),
            Some(owner) if owner == link.user => already_linked(),
            Some(_) => linked_elsewhere(),
            None => {
                let now = change.now();
                if oidc_links::insert(change, link.user, &name, subject_hash, now).await? {
                    users::credentials_changed(change, link.user, now)?;
                    return change.commit(events::oidc_linked(link.user, &name, "signed_in"), ());
                }
                already_linked()
            }
        };
        change.refuse(events::oidc_link_refused(link.user, &name, problem.code), problem)
    })
    .await
}

#[utoipa::path(
    delete, path = "/api/v1/auth/oidc/links/{provider}", tag = "accounts", params(("provider" = String, Path)),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses(
        (status = 204, description = "It signs in no more."), (status = 403, body = Problem),
        (status = 404, body = Problem),
    )
)]
pub(in crate::features::auth) async fn unlink(
    State(app): State<App>,
    Path(provider): Path<String>,
    SteppedUp { user, ask: () }: SteppedUp<()>,
) -> ApiResult<StatusCode> {
    let id = user.id;
    app.change(&user, async move |change: &mut Change<'_>| {
        // PostgreSQL knows no text with a null character in it.
        if provider.contains('\0') || !oidc_links::delete(change, id, &provider).await? {
            return Err(
                Problem::not_found("oidc.not_linked", "no account of this provider is linked").into(),
            );
        }
        let now = change.now();
        users::credentials_changed(change, id, now)?;
        change.commit(events::oidc_unlinked(id, &provider), ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session_ended() -> Problem {
    Problem::unauthorized(
        "session.ended",
        "you were signed out meanwhile; sign in and link again",
    )
}

fn linked_elsewhere() -> Problem {
    Problem::conflict(
        "oidc.linked_elsewhere",
        "this account signs somebody else in here",
    )
}

fn already_linked() -> Problem {
    let detail = "an account of this provider is linked already; take that link away first";
    Problem::conflict("oidc.already_linked", detail)
}
