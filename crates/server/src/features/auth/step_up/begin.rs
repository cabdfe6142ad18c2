//! `POST /auth/step-up`: begins a proof for one operation. Whoever has no second factor gets a code by mail.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{life, methods};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::{
        auth::{
            events, mails,
            opaque::OpaqueToken,
            passkeys::ceremony::{self, Purpose},
            second_factors::{Method, mailed_code},
            store::{
                passkey_ceremonies, passkeys,
                step_ups::{self, NewStepUp},
            },
        },
        devices, mail,
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Step-ups a session may begin within [`WINDOW`], so that nobody floods a mailbox.
const MOST: i64 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// What is to be allowed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Begin {
    /// The `operation` of the refusal `step_up.required`.
    operation: String,
}

/// A proof to be given.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct Begun {
    /// Goes back to `/auth/step-up/verify`.
    challenge: String,
    /// How it can be given.
    methods: Vec<Method>,
    /// For a passkey: `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.9). Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    passkey: Option<Value>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[utoipa::path(
    post, path = "/api/v1/auth/step-up", tag = "second factors", request_body = Begin,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 201, body = Begun), (status = 422, body = Problem), (status = 429, body = Problem))
)]
pub(in crate::features::auth) async fn begin(
    State(app): State<App>,
    user: SignedIn,
    headers: HeaderMap,
    Json(ask): Json<Begin>,
) -> ApiResult<(StatusCode, Answer<Begun>)> {
    check(&ask.operation)?;
    let device_hash = devices::binding(&app, &headers);
    let begun = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let now = change.now();
                if step_ups::asked_since(change, user.session, now - WINDOW).await? >= MOST {
                    return Err(too_many().into());
                }
                let methods = methods(change, user.id).await?;
                let token = OpaqueToken::new();
                let id = change.new_id();
                let mailed_code = methods.contains(&Method::PasswordAndMail).then(mailed_code::new);
                if let Some(code) = &mailed_code {
                    mail::post(change, mails::step_up_code(&user.email, code))?;
                }
                let step_up = NewStepUp {
                    id,
                    user: user.id,
                    session: user.session,
                    challenge_hash: token.hash(),
                    operation: &ask.operation,
                    mailed_code_hash: mailed_code.map(|code| mailed_code::hash(&app, id.as_bytes(), &code)),
                    created_at: now,
                    expires_at: now + life(&app),
                };
                step_ups::insert(change, &step_up)?;
                let mut passkey = None;
                if let Some(relying_party) = &app.auth.passkeys
                    && methods.contains(&Method::Passkey)
                {
                    let allowed = passkeys::of_owner(change, user.id).await?;
                    let asked = ceremony::ask(relying_party, &allowed, Some(user.id), device_hash, now)?;
                    let key = Purpose::StepUp.of(step_up.challenge_hash);
                    passkey_ceremonies::put(change, key, &asked.ceremony)?;
                    passkey = Some(asked.options);
                }
                let begun = Begun {
                    challenge: token.as_str().to_owned(),
                    methods: methods.clone(),
                    passkey,
                    expires_at: step_up.expires_at,
                };
                change.commit(events::step_up_asked(user.id, &ask.operation, &methods), begun)
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(begun)))
}

/// An operation is the hex of a SHA-256.
fn check(operation: &str) -> ApiResult<()> {
    if operation.len() == 64 && operation.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    let detail = "send the operation as the refusal step_up.required names it";
    Err(Problem::unprocessable("step_up.operation", detail)
        .field("operation", detail)
        .into())
}

fn too_many() -> Problem {
    let detail = "you asked to prove yourself too often; wait a quarter of an hour";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "step_up.too_many", detail).retry_after(900)
}
