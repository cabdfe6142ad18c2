//! Staff in a handler's signature: the door says who may enter. Each is a permission of the [table](super::access), the
//! same that stands beside the route; a route with a looser one still lets nobody past this.

use std::ops::Deref;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{access::Permission, authorisation};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiError, ApiResult},
};

macro_rules! guards {
    ($($(#[$about:meta])* $name:ident: $permission:ident;)+) => {$(
        $(#[$about])*
        pub struct $name(SignedIn);

        impl FromRequestParts<App> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
                admit(parts, app, Permission::$permission).await.map(Self)
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
    /// Administers the platform.
    Administrator: Administer;
    /// Reads everybody's audit entries and verifies the log.
    AuditReader: ReadDesk;
    /// Works on cases: unlocks accounts.
    CaseWorker: WorkCases;
    /// Runs the market: lists assets.
    MarketOperator: RunMarket;
}

async fn admit(parts: &mut Parts, app: &App, permission: Permission) -> ApiResult<SignedIn> {
    let user = SignedIn::from_request_parts(parts, app).await?;
    let Some(problem) = authorisation::refusal(permission, &user) else {
        return Ok(user);
    };
    Err(authorisation::turn_away(app, &user, permission, parts.uri.path(), problem).await)
}
