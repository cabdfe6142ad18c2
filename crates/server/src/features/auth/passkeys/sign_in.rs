//! `POST /auth/passkeys/login/start` and `/auth/passkeys/login/finish`: signing in with a passkey and nothing else. The
//! device finds the key, so a sign-in begins alike for everybody and names nobody; the device has verified its owner, so
//! no second factor is asked for.

use axum::{Json as Answer, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stockade_platform::db::Tx;
use utoipa::ToSchema;
use webauthn_rs::prelude::PublicKeyCredential;

use super::{
    assertion::{self, Asserted},
    ceremony::{self, Purpose},
    refused, relying_party_of,
};
use crate::{
    app::App,
    core::{actor::Origin, bookkeeping::bookkeep, change::Change},
    features::{
        auth::{
            events::{self, SignInFailure},
            opaque::{self, OpaqueToken},
            second_factors::prove::Proof,
            sign_in::{
                answer::{LoginAnswer, SessionQuery},
                finish::{LastStep, finish as last_step},
            },
            store::passkey_ceremonies,
        },
        devices::{self, DeviceReport},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
        query::Query,
    },
};

/// A sign-in that waits for a passkey's signature.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct PasskeySignIn {
    /// Names this sign-in at `/auth/passkeys/login/finish`, for five minutes.
    challenge: String,
    /// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.9).
    #[schema(value_type = Object)]
    options: Value,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/login/start", tag = "passkeys",
    extensions(("x-rate-limit" = json!("second_factor"))),
    responses((status = 200, body = PasskeySignIn), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn start(
    State(app): State<App>,
    headers: HeaderMap,
) -> ApiResult<Answer<PasskeySignIn>> {
    let now = app.clock.now();
    let asked = ceremony::ask(
        relying_party_of(&app)?,
        &[],
        None,
        devices::binding(&app, &headers),
        now,
    )?;
    let token = OpaqueToken::new();
    let key = Purpose::SignIn.of(token.hash());
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        passkey_ceremonies::put(tx, key, &asked.ceremony)
    })
    .await?;
    Ok(Answer(PasskeySignIn {
        challenge: token.as_str().to_owned(),
        options: asked.options,
    }))
}

/// A passkey's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct PasskeyLogin {
    /// From the answer to `/auth/passkeys/login/start`.
    challenge: String,
    /// `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1.7), as `credential.toJSON()` gives it.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
    /// What the device says of itself.
    device: Option<DeviceReport>,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/login/finish", tag = "passkeys", request_body = PasskeyLogin,
    params(SessionQuery),
    extensions(("x-rate-limit" = json!("sign_in"))),
    responses((status = 200, body = LoginAnswer), (status = 401, body = Problem))
)]
pub(in crate::features::auth) async fn finish(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Query(mode): Query<SessionQuery>,
    Json(ask): Json<PasskeyLogin>,
) -> ApiResult<Response> {
    mode.check_origin(&app, &headers)?;
    if let Some(report) = &ask.device {
        report.check()?;
    }
    let device = mode.device(&app, &headers, &origin, ask.device);
    let key = Purpose::SignIn.of(opaque::hash(&ask.challenge));
    let asserted = assertion::check(&app, &origin, &headers, key, &ask.credential, None).await?;
    let Some(user) = asserted.owner() else {
        return turn_away(&app, &origin, asserted).await;
    };
    let step = LastStep {
        user,
        proof: Proof::Passkey(asserted),
        begun: None,
    };
    last_step(app, &origin, mode, device, step).await
}

/// Nobody has this passkey.
async fn turn_away(app: &App, origin: &Origin, asserted: Asserted) -> ApiResult<Response> {
    app.change(origin, async move |change: &mut Change<'_>| {
        asserted.use_up(change).await?;
        let event = events::sign_in_failed(None, SignInFailure::UnknownPasskey, "");
        change.commit(event, Err(refused().into()))
    })
    .await?
}
