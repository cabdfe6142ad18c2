//! Authorisation: what staff may do, and which roles may do it, in one table. The guard stands in a handler's
//! signature; whom it turns away gets 403 and is put on record.

use std::ops::Deref;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::request::Parts,
};
use serde::Serialize;
use stockade_domain::roles::Role;

use crate::{
    app::App,
    core::{
        actor::SignedIn,
        change::{Change, Outcome},
        event::AuditEvent,
    },
    http::error::{ApiError, ApiResult, Problem},
};

macro_rules! guards {
    ($($(#[$about:meta])* $name:ident: $($role:ident),+;)+) => {$(
        $(#[$about])*
        pub struct $name(SignedIn);

        impl FromRequestParts<App> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
                admit(parts, app, stringify!($name), &[$(Role::$role),+]).await.map(Self)
            }
        }

        impl Deref for $name {
            type Target = SignedIn;
            fn deref(&self) -> &SignedIn {
                &self.0
            }
        }
    )+};
}

guards! {
    /// Administers the platform: webhooks, users, roles.
    Administrator: Admin;
    /// Reads everybody's audit entries and verifies the log.
    AuditReader: Auditor, Analyst, Admin;
    /// Works on cases: unlocks accounts.
    CaseWorker: Analyst, Admin;
}

async fn admit(
    parts: &mut Parts,
    app: &App,
    guard: &'static str,
    roles: &'static [Role],
) -> ApiResult<SignedIn> {
    let user = SignedIn::from_request_parts(parts, app).await?;
    if roles.contains(&user.role) {
        return Ok(user);
    }
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |uri| &uri.0);
    Err(turn_away(app, &user, guard, uri.path()).await)
}

/// What was asked for, and what would have been needed.
#[derive(Serialize)]
struct Refused {
    path: String,
    needed: &'static str,
    role: Role,
}

async fn turn_away(app: &App, user: &SignedIn, guard: &'static str, path: &str) -> ApiError {
    let event = AuditEvent::refused("access.refused").with(Refused {
        path: path.to_owned(),
        needed: guard,
        role: user.role,
    });
    let problem = Problem::forbidden("role.not_allowed", "your role does not allow this");
    let refuse = async move |change: &mut Change<'_>| -> ApiResult<Outcome<()>> {
        change.refuse(event.clone(), problem.clone())
    };
    match app.change(user, refuse).await {
        Err(refused) => refused,
        Ok(()) => ApiError::Fault("a refusal was carried out".into()),
    }
}
