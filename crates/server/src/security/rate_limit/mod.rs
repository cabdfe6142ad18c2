//! Layer 4: how often one may ask. The layer itself counts addresses and everybody together, before anybody is known;
//! authentication counts the person, once there is one. Both tell the client where it stands, in the fields of
//! draft-ietf-httpapi-ratelimit-headers-11.
//!
//! What is counted where several instances count as one is [`stockade_platform::shared`]'s business.

mod class;
mod fields;
mod policies;

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use stockade_domain::ids::UserId;
use stockade_platform::shared::Standing;

use self::policies::{Exceeded, Policy};
pub use self::{
    class::{EXTENSION, RateClass},
    policies::{RateLimits, Scope, address_key, key_address},
};
use crate::{
    app::App,
    core::actor::Origin,
    http::error::{ApiResult, Problem},
};

/// What a request leaves behind for its answer: whose quota it was counted on. Put into its extensions by the frame.
pub struct Tally {
    /// The class of its route.
    pub class: RateClass,
    /// How the person stands, once somebody was authenticated.
    account: OnceLock<Standing>,
}

impl Tally {
    /// Of a request to a route of this class.
    pub fn new(class: RateClass) -> Self {
        Self {
            class,
            account: OnceLock::new(),
        }
    }
}

/// The layer.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let tally = request.extensions().get::<Arc<Tally>>().cloned();
    let tally = tally.unwrap_or_else(|| Arc::new(Tally::new(RateClass::Read)));
    let ip = request.extensions().get::<Origin>().and_then(|origin| origin.ip);
    let (class, now) = (tally.class, app.clock.now());
    match app.rate_limits.spend_address(&app.shared, class, ip, now).await {
        Ok(address) => {
            let mut response = next.run(request).await;
            let account = tally.account.get().copied();
            if account.is_some_and(|standing| !standing.admitted) {
                app.traffic.limited(class, Scope::Account, ip, now);
            }
            fields::add(&app.rate_limits, class, address, account, response.headers_mut());
            response
        }
        Err(Exceeded {
            policy,
            scope,
            standing,
        }) => {
            app.traffic.limited(class, scope, ip, now);
            let mut response = exceeded(policy, standing).into_response();
            if scope == Scope::Address {
                fields::add(&app.rate_limits, class, standing, None, response.headers_mut());
            }
            response
        }
    }
}

/// Counts one more request of a person, once per request.
///
/// # Errors
/// 429 `rate_limit.exceeded`.
pub async fn count_account(app: &App, parts: &Parts, user: UserId) -> ApiResult<()> {
    let Some(tally) = parts.extensions.get::<Arc<Tally>>().cloned() else {
        return Ok(());
    };
    if tally.account.get().is_some() {
        return Ok(());
    }
    let now = app.clock.now();
    let spent = app
        .rate_limits
        .spend_account(&app.shared, tally.class, user, now)
        .await;
    let Some((policy, standing)) = spent else {
        return Ok(());
    };
    // Nobody else could have set it: a request is authenticated by one extractor after another.
    let _ = tally.account.set(standing);
    if standing.admitted {
        Ok(())
    } else {
        Err(exceeded(policy, standing).into())
    }
}

fn exceeded(policy: &Policy, standing: Standing) -> Problem {
    let seconds = fields::seconds(standing.wait);
    let detail = format!("too many requests; try again in {seconds} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit.exceeded", detail)
        .violates(policy.name.clone())
        .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))
}
