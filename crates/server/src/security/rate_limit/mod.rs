//! Layer 4: how often one may ask. The layer itself counts addresses and everybody together, before anybody is known;
//! the person is counted once it is known who that is. Both tell the client where it stands, in the fields of
//! draft-ietf-httpapi-ratelimit-headers-11.
//!
//! What is counted where several instances count as one is [`stockade_platform::shared`]'s business.

mod class;
mod fields;
mod policies;

use std::{
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, StatusCode, request::Parts},
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

/// The layer: counts a request on its address and on everybody, then lets it come to its answer.
pub(super) async fn limit(
    app: &App,
    tally: &Tally,
    ip: Option<IpAddr>,
    answering: impl Future<Output = Response>,
) -> Response {
    let (class, now) = (tally.class, app.clock.now());
    match app.rate_limits.spend_address(&app.shared, class, ip, now).await {
        Ok(address) => {
            let mut response = answering.await;
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

/// What a request counts on. A guard counts whoever it lets in; a route without one, on which somebody turns out to be
/// meant all the same, such as by a refresh token, counts them as soon as it knows.
pub struct Counted(Option<Arc<Tally>>);

impl Counted {
    /// Of this request.
    pub fn of(extensions: &Extensions) -> Self {
        Self(extensions.get::<Arc<Tally>>().cloned())
    }

    /// Counts one more request of a person, once per request.
    ///
    /// # Errors
    /// 429 `rate_limit.exceeded`.
    pub async fn on(&self, app: &App, user: UserId) -> ApiResult<()> {
        let Some(tally) = self.0.as_ref().filter(|tally| tally.account.get().is_none()) else {
            return Ok(());
        };
        let now = app.clock.now();
        let spent = app
            .rate_limits
            .spend_account(&app.shared, tally.class, user, now)
            .await;
        let Some((policy, standing)) = spent else {
            return Ok(());
        };
        // Nobody else could have set it: a request counts in one place after another.
        let _ = tally.account.set(standing);
        if standing.admitted {
            Ok(())
        } else {
            Err(exceeded(policy, standing).into())
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Counted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

fn exceeded(policy: &Policy, standing: Standing) -> Problem {
    let seconds = fields::seconds(standing.wait);
    let detail = format!("too many requests; try again in {seconds} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit.exceeded", detail)
        .violates(policy.name.clone())
        .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))
}
