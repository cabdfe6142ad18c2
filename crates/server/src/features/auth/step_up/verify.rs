//! `POST /auth/step-up/verify`: the proof itself. What comes back goes into the header `X-Step-Up`, once.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{Json as Answer, extract::State, http::HeaderMap};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::db::DbResult;
use utoipa::ToSchema;
use webauthn_rs::prelude::PublicKeyCredential;

use super::{life, methods, unknown_challenge};
use crate::{
    app::App,
    core::{
        actor::SignedIn,
        change::{Change, Outcome},
    },
    features::auth::{
        current_password::{self, Proven},
        events,
        lockout::{self, Attempt, Authenticator},
        opaque::{self, OpaqueToken},
        passkeys::{assertion, ceremony::Purpose},
        second_factors::{Method, mailed_code, prove::Proof as Shown},
        store::{
            step_ups::{self, Pending},
            users,
        },
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// A proof.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Verify {
    /// From the answer to `/auth/step-up`.
    challenge: String,
    /// Of the app, of paper, or the mailed one. Either this or `assertion`.
    code: Option<String>,
    /// A passkey's answer to the options that `/auth/step-up` gave: `AuthenticationResponseJSON` (WebAuthn Level 3
    /// §5.1.7).
    #[schema(value_type = Option<Object>)]
    assertion: Option<PublicKeyCredential>,
    /// With a mailed code only.
    password: Option<String>,
}

/// What allows the operation, once.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct Proof {
    /// Goes into the header `X-Step-Up`.
    proof: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[utoipa::path(
    post, path = "/api/v1/auth/step-up/verify", tag = "second factors", request_body = Verify,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = Proof), (status = 401, body = Problem), (status = 422, body = Problem))
)]
pub(in crate::features::auth) async fn verify(
    State(app): State<App>,
    user: SignedIn,
    headers: HeaderMap,
    Json(ask): Json<Verify>,
) -> ApiResult<Answer<Proof>> {
    let id = user.id;
    let challenge = opaque::hash(&ask.challenge);
    let shown = match (ask.code, &ask.assertion) {
        (Some(code), None) => Shown::Code(code),
        (None, Some(assertion)) => {
            let key = Purpose::StepUp.of(challenge);
            Shown::Passkey(assertion::check(&app, &user, &headers, key, assertion, Some(id)).await?)
        }
        _ => return Err(not_one().into()),
    };
    let methods: DbResult<_> = app.read(async move |reader| methods(reader, id).await).await;
    let password = match &ask.password {
        Some(password) => Some(current_password::check(&app, &user, password, "password").await?),
        None if methods?.contains(&Method::PasswordAndMail) => return Err(password_missing().into()),
        None => None,
    };
    let attempt = Attempted {
        user,
        challenge,
        shown,
        password,
    };
    let proven = app
        .change(&attempt.user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| attempt.decide(&app, change).await
        })
        .await?;
    Ok(Answer(proven?))
}

struct Attempted {
    user: SignedIn,
    challenge: [u8; 32],
    shown: Shown,
    password: Option<Proven>,
}

impl Attempted {
    async fn decide(&self, app: &App, change: &mut Change<'_>) -> ApiResult<Outcome<ApiResult<Proof>>> {
        let user = &self.user;
        users::lock(change, user.id).await?;
        let now = change.now();
        let pending = step_ups::pending(change, (user.id, user.session), self.challenge, now).await?;
        let Some(pending) = pending else {
            return Err(unknown_challenge());
        };
        let Some(method) = self.prove(app, change, &pending).await? else {
            let event = events::step_up_failed(user.id, &pending.operation);
            return change.commit(event, Err(self.shown.refusal(wrong).into()));
        };
        let (token, expires_at) = (OpaqueToken::new(), now + life(app));
        if !step_ups::prove(change, pending.id, token.hash(), expires_at).await? {
            return Err(unknown_challenge());
        }
        let proof = Proof {
            proof: token.as_str().to_owned(),
            expires_at,
        };
        change.commit(
            events::step_up_passed(user.id, &pending.operation, method),
            Ok(proof),
        )
    }

    /// What was proven. A step-up that began with a mailed code ends with it, though a second factor came on meanwhile.
    async fn prove(
        &self,
        app: &App,
        change: &mut Change<'_>,
        pending: &Pending,
    ) -> ApiResult<Option<Method>> {
        let attempt = Attempt::Session(self.user.session);
        let Some(expected) = pending.mailed_code_hash else {
            return self.shown.prove(app, change, self.user.id, attempt).await;
        };
        let Shown::Code(code) = &self.shown else {
            return Ok(None);
        };
        let guard = lockout::guard(app, change, self.user.id, Authenticator::MailedCode, attempt).await?;
        let Some(password) = self.password.as_ref().filter(|_| guard.is_open(change)) else {
            return Ok(None);
        };
        let given = mailed_code::hash(app, pending.id.as_bytes(), code);
        let right = verify_slices_are_equal(&given, &expected).is_ok();
        if !right || !password.still_holds(change).await? {
            guard.fail(app, change).await?;
            return Ok(None);
        }
        guard.succeed(change)?;
        Ok(Some(Method::PasswordAndMail))
    }
}

fn not_one() -> Problem {
    let detail = "send either a code or a passkey's assertion";
    Problem::unprocessable("step_up.one_proof", detail).field("code", detail)
}

fn password_missing() -> Problem {
    let detail = "send your password beside the mailed code";
    Problem::unprocessable("step_up.password_missing", detail).field("password", detail)
}

fn wrong() -> Problem {
    let detail =
        "the code is wrong, was used before, or too many were wrong; wait a while before you try again";
    Problem::unauthorized("step_up.wrong_code", detail)
}
