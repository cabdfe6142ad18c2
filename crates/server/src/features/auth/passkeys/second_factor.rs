//! `POST /auth/passkeys/2fa/start` and `/auth/passkeys/2fa/finish`: a passkey finishes a sign-in that waits for a second
//! factor. Only whoever knew the password learns which keys would do.

use axum::{Json as Answer, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stockade_platform::db::{DbResult, Tx};
use utoipa::ToSchema;
use webauthn_rs::prelude::PublicKeyCredential;

use super::{
    assertion,
    ceremony::{self, Purpose},
    relying_party_of,
};
use crate::{
    app::App,
    core::{actor::Origin, bookkeeping::bookkeep},
    features::{
        auth::{
            opaque,
            second_factors::prove::Proof,
            sign_in::{
                answer::{LoginAnswer, SessionQuery},
                challenge,
                finish::{self, LastStep},
            },
            store::{passkey_ceremonies, passkeys},
        },
        devices,
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
        query::Query,
    },
    security::rate_limit::Counted,
};

/// Names the sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct PasskeyWanted {
    /// From the answer to `/auth/login`.
    challenge: String,
}

/// What goes to `navigator.credentials.get`.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct PasskeyRequest {
    /// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.9), good for five minutes.
    #[schema(value_type = Object)]
    options: Value,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/2fa/start", tag = "passkeys", request_body = PasskeyWanted,
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 200, body = PasskeyRequest), (status = 401, body = Problem), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn start(
    State(app): State<App>,
    counted: Counted,
    headers: HeaderMap,
    Json(ask): Json<PasskeyWanted>,
) -> ApiResult<Answer<PasskeyRequest>> {
    let begun = challenge::find(&app, &headers, &counted, &ask.challenge)
        .await?
        .recognised;
    let user = begun.user;
    let allowed: DbResult<Vec<_>> = app
        .read(async move |reader| passkeys::of_owner(reader, user).await)
        .await;
    let allowed = allowed?;
    if allowed.is_empty() {
        let detail = "there is no passkey for this account; use another way";
        return Err(Problem::conflict("passkey.none", detail).into());
    }
    let (device_hash, now) = (devices::binding(&app, &headers), app.clock.now());
    let asked = ceremony::ask(relying_party_of(&app)?, &allowed, Some(user), device_hash, now)?;
    let key = Purpose::SecondFactor.of(opaque::hash(&ask.challenge));
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        passkey_ceremonies::put(tx, key, &asked.ceremony)
    })
    .await?;
    Ok(Answer(PasskeyRequest {
        options: asked.options,
    }))
}

/// A passkey's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct PasskeySecondFactor {
    /// From the answer to `/auth/login`.
    challenge: String,
    /// `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1.7), as `credential.toJSON()` gives it.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/2fa/finish", tag = "passkeys", request_body = PasskeySecondFactor,
    params(SessionQuery),
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 200, body = LoginAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn finish(
    State(app): State<App>,
    origin: Origin,
    counted: Counted,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<PasskeySecondFactor>,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    let begun = challenge::find(&app, &headers, &counted, &ask.challenge)
        .await?
        .recognised;
    let key = Purpose::SecondFactor.of(opaque::hash(&ask.challenge));
    let asserted = assertion::check(&app, &origin, &headers, key, &ask.credential, Some(begun.user)).await?;
    let device = mode.device(&app, &headers, &origin, begun.report.clone());
    let step = LastStep {
        user: begun.user,
        proof: Proof::Passkey(asserted),
        begun: Some((begun, ask.challenge)),
    };
    finish::finish(app, &origin, mode, device, step).await
}
