//! Step-up: an operation so sensitive that whoever asks must have proven who they are for it, just now.
//!
//! The header `X-Step-Up` carries the proof of exactly this request: method, path with query, and body. Without one the
//! answer is 403 `step_up.required`, which names the operation. Whether the proof is good is asked by the statement that
//! uses it up, inside the unit of work.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use serde::de::DeserializeOwned;

use super::{signature::idempotency_key, target::Target};
use crate::{
    app::App,
    core::{
        actor::{SignedIn, StepUpProof, SteppedUpUser, Verified},
        change::Change,
    },
    features::auth,
    http::{
        error::{ApiError, ApiResult},
        json,
    },
};

/// In a unit whose request turns out to be so large that it takes a proof: the proof that came with it is used up, or the
/// unit is refused.
///
/// # Errors
/// 403 `step_up.required`.
pub async fn demand(change: &mut Change<'_>, user: &Verified) -> ApiResult<()> {
    let operation = hex::encode(user.proof.request_hash);
    if let Some(proof) = &user.proof.step_up {
        let consume = auth::consume_step_up(user, proof, &operation, change.now());
        if consume.run(change).await? == 1 {
            return Ok(());
        }
    }
    Err(auth::step_up_refusal(change, user.id, &operation).await?.into())
}

/// A request that somebody proved themselves for, with what it asks. `SteppedUp<()>` takes no body.
pub struct SteppedUp<T> {
    /// Who asks.
    pub user: SteppedUpUser,
    /// The body.
    pub ask: T,
}

impl<T: DeserializeOwned> FromRequest<App> for SteppedUp<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        let (mut parts, body) = request.into_parts();
        let user = SignedIn::from_request_parts(&mut parts, app).await?;
        let target = Target::of(&parts);
        let content_type = json::check_content_type(&parts.headers);
        let proof = parts.headers.get("x-step-up").cloned();
        let key = idempotency_key(&parts.headers)?;
        let request = Request::from_parts(parts, body);
        let body = json::read(request, app.config.server.body_limit_bytes).await?;
        let request_hash = target.request_hash(&body);
        let operation = hex::encode(request_hash);
        let refusal = auth::step_up_required(app, &user, &operation).await?;
        // A request that makes no sense is told so before anybody proves themselves for it.
        let ask = json::parse_declared(content_type, &body)?;
        let Some(proof) = proof.as_ref().and_then(|value| value.to_str().ok()) else {
            return Err(refusal.into());
        };
        let step_up = StepUpProof {
            consume: auth::consume_step_up(&user, proof, &operation, app.clock.now()),
            refusal: Box::new(refusal),
            idempotency: None,
        };
        let key = key.map(|key| (key, request_hash));
        Ok(Self {
            user: SteppedUpUser { user, step_up, key },
            ask,
        })
    }
}
