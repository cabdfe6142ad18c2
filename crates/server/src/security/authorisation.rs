//! Authorisation: the guard beside a route. It finds out who asks, holds that against the [table](super::access), and
//! puts on record whom it turns away. The same words write what OpenAPI says of the route, so the document is true.

use axum::http::request::Parts;
use axum::{
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::json;
use stockade_domain::{key_scopes::KeyScope, roles::Role};
use utoipa::openapi::{extensions::ExtensionsBuilder, path::Operation, security::SecurityRequirement};
use utoipa_axum::router::UtoipaMethodRouter;

use super::{access::Permission, authentication, rate_limit::Counted};
use crate::{
    app::App,
    core::{
        actor::SignedIn,
        change::{Change, Outcome},
        event::AuditEvent,
    },
    http::error::{ApiError, ApiResult, Problem},
};

/// Where OpenAPI says what an operation needs: a permission's name, or `public`.
const ACCESS: &str = "x-stockade-access";

/// A route, and who may call it.
pub trait Guarded {
    /// Only who has this permission.
    #[must_use]
    fn may(self, permission: Permission) -> Self;

    /// The same, also for those whose account is frozen: for what only takes access away.
    #[must_use]
    fn may_even_restricted(self, permission: Permission) -> Self;

    /// Anybody, signed in or not.
    #[must_use]
    fn public(self) -> Self;
}

impl Guarded for UtoipaMethodRouter<App> {
    fn may(self, permission: Permission) -> Self {
        guarded(self, permission, false)
    }

    fn may_even_restricted(self, permission: Permission) -> Self {
        guarded(self, permission, true)
    }

    fn public(self) -> Self {
        let (schemas, paths, router) = self;
        (
            schemas,
            documented(paths, "public", &[SecurityRequirement::default()]),
            router,
        )
    }
}

fn guarded(
    (schemas, paths, router): UtoipaMethodRouter<App>,
    permission: Permission,
    even_restricted: bool,
) -> UtoipaMethodRouter<App> {
    let guard =
        from_fn(move |request: Request, next: Next| guard(permission, even_restricted, request, next));
    let security = security(permission);
    (
        schemas,
        documented(paths, permission.as_str(), &security),
        router.route_layer(guard),
    )
}

async fn guard(permission: Permission, even_restricted: bool, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(permission, even_restricted, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => refused.into_response(),
    }
}

/// Finds out who asks and whether they may. The handler finds both beside the request.
async fn admit(permission: Permission, even_restricted: bool, parts: &mut Parts) -> ApiResult<()> {
    let app = parts.extensions.get::<App>().cloned();
    let app = app.ok_or_else(|| ApiError::Fault("the router carries no application".into()))?;
    let user = authentication::authenticate(&app, parts).await?;
    Counted::of(&parts.extensions).on(&app, user.id).await?;
    if let Some(problem) = refusal(permission, &user) {
        return Err(turn_away(&app, &user, permission, parts.uri.path(), problem).await);
    }
    let may_look = permission.is_ones_own() && parts.method.is_safe();
    if user.restricted && !may_look && !even_restricted {
        return Err(turn_away(&app, &user, permission, parts.uri.path(), restricted()).await);
    }
    parts.extensions.insert(permission);
    parts.extensions.insert(user);
    Ok(())
}

/// Why somebody may not, if they may not: the role first, since no key allows more than its owner's role.
pub(super) fn refusal(permission: Permission, user: &SignedIn) -> Option<Problem> {
    let row = permission.row();
    if !row.roles.contains(&user.role) {
        let detail = "your role does not allow this";
        return Some(Problem::forbidden("role.not_allowed", detail));
    }
    match (user.api_key, row.api_key) {
        (None, _) => None,
        (Some(_), None) => {
            let detail = "this needs a person who is signed in; no API key is enough";
            Some(Problem::forbidden("api_key.needs_person", detail))
        }
        (Some(key), Some(scope)) if key.scopes.allow(scope) => None,
        (Some(_), Some(scope)) => {
            let detail = format!("this needs an API key with the scope {scope}");
            Some(Problem::forbidden("api_key.scope", detail))
        }
    }
}

/// The account is frozen.
fn restricted() -> Problem {
    let detail = "your account is restricted, because somebody else may have got into it: you can look and end sessions, \
                  and nothing else, until the people who run this Stockade have restored it together with you";
    Problem::forbidden("account.restricted", detail)
}

/// What was asked for, and what would have been needed.
#[derive(Serialize)]
struct Refused {
    path: String,
    needed: Permission,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<KeyScope>,
    role: Role,
}

/// Puts a refusal on record.
pub(super) async fn turn_away(
    app: &App,
    user: &SignedIn,
    permission: Permission,
    path: &str,
    problem: Problem,
) -> ApiError {
    let event = AuditEvent::refused("access.refused").with(Refused {
        path: path.to_owned(),
        needed: permission,
        scope: permission.row().api_key.filter(|_| user.api_key.is_some()),
        role: user.role,
    });
    let refuse = async move |change: &mut Change<'_>| -> ApiResult<Outcome<()>> {
        change.refuse(event.clone(), problem.clone())
    };
    match app.change(user, refuse).await {
        Err(refused) => refused,
        Ok(()) => ApiError::Fault("a refusal was carried out".into()),
    }
}

/// A session of one of the roles, by token or cookie; or an API key with the scope, where one is enough. OpenAPI 3.1
/// lets the list beside a scheme name roles where there are no OAuth scopes (§4.8.30).
fn security(permission: Permission) -> Vec<SecurityRequirement> {
    let row = permission.row();
    let roles = || row.roles.iter().map(|role| role.as_str());
    let mut ways = vec![
        SecurityRequirement::new("bearer", roles()),
        SecurityRequirement::new("cookie", roles()),
    ];
    if let Some(scope) = row.api_key {
        ways.push(SecurityRequirement::new("api_key", [scope.as_str()]));
    }
    ways
}

fn documented(
    mut paths: utoipa::openapi::path::Paths,
    access: &str,
    security: &[SecurityRequirement],
) -> utoipa::openapi::path::Paths {
    for item in paths.paths.values_mut() {
        let operations: [&mut Option<Operation>; 5] = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            operation.security = Some(security.to_vec());
            let said = ExtensionsBuilder::new().add(ACCESS, json!(access)).build();
            operation.extensions.get_or_insert_default().merge(said);
        }
    }
    paths
}
