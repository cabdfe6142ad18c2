//! `POST /auth/passkeys/register/start`: what a device needs for a new passkey. It takes the password, or a step-up where
//! a second factor is on: whoever found an open session cannot add a key of theirs.

use axum::{
    Json as Answer,
    extract::{FromRequest as _, FromRequestParts as _, Request, State},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stockade_domain::ids::UserId;
use stockade_platform::random;
use utoipa::ToSchema;
use uuid::Uuid;
use webauthn_rs::prelude::CredentialID;

use super::{
    MOST,
    ceremony::{self, Purpose},
    relying_party_of,
};
use crate::{
    app::App,
    core::{
        actor::{Actor, SignedIn},
        change::Change,
    },
    features::{
        auth::{
            current_password::{self, Proven},
            events, opaque,
            second_factors::{self, Method},
            store::{passkey_ceremonies, passkeys, users},
        },
        devices,
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
    security::step_up::SteppedUp,
};

/// Who asks, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct RegisterPasskey {
    /// Needed while no second factor is on; a step-up is once one is.
    password: Option<String>,
}

/// What goes to `navigator.credentials.create`.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct PasskeyCreation {
    /// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.1.8), good for five minutes.
    #[schema(value_type = Object)]
    options: Value,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/register/start", tag = "passkeys", request_body = RegisterPasskey,
    params(("X-Step-Up" = Option<String>, Header, description = "A proof, where a second factor is on.")),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = PasskeyCreation), (status = 403, body = Problem), (status = 409, body = Problem))
)]
pub(in crate::features::auth) async fn start(
    State(app): State<App>,
    request: Request,
) -> ApiResult<Answer<PasskeyCreation>> {
    relying_party_of(&app)?;
    let device_hash = devices::binding(&app, request.headers());
    let asker = Asker::of(&app, request).await?;
    let actor = asker.actor.clone();
    let options = app
        .change(actor, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let (user, now) = (&asker.user, change.now());
                match &asker.password {
                    Some(password) if !password.still_holds(change).await? => {
                        let event = events::password_not_confirmed(user.id);
                        return change.refuse(event, current_password::replaced());
                    }
                    Some(_) => {}
                    None => drop(users::lock(change, user.id).await?),
                }
                let present = passkeys::of_owner(change, user.id).await?;
                check_number(present.len())?;
                let handle = handle_of(change, user.id).await?;
                let known = present
                    .into_iter()
                    .map(|known| CredentialID::from(known.credential_id));
                let (options, state) = relying_party_of(&app)?
                    .start_passkey_registration(
                        handle,
                        &user.email,
                        user.name.as_deref().unwrap_or(&user.email),
                        Some(known.collect()),
                    )
                    .map_err(|error| ceremony::fault(&error))?;
                let mut options = ceremony::json(&options.public_key)?;
                // Only a key that the device finds by itself can sign in alone (§5.4.6).
                options["authenticatorSelection"]["residentKey"] = "required".into();
                options["authenticatorSelection"]["requireResidentKey"] = true.into();
                let begun = ceremony::begin(Some(user.id), device_hash, &state, now)?;
                passkey_ceremonies::put(change, key(user), &begun)?;
                change.commit(events::second_factor_pending(user.id, Method::Passkey), options)
            }
        })
        .await?;
    Ok(Answer(PasskeyCreation { options }))
}

/// Names a session's registration.
pub(super) fn key(user: &SignedIn) -> passkey_ceremonies::CeremonyKey {
    Purpose::Register.of(opaque::sha256(user.session.as_uuid().as_bytes()))
}

/// # Errors
/// 409 `passkey.too_many`.
pub(super) fn check_number(present: usize) -> ApiResult<()> {
    if present < MOST {
        return Ok(());
    }
    let detail = format!("you have {MOST} passkeys; remove one first");
    Err(Problem::conflict("passkey.too_many", detail).into())
}

/// Somebody who may add a passkey.
struct Asker {
    user: SignedIn,
    actor: Actor,
    /// What allows it; a step-up is part of the actor.
    password: Option<Proven>,
}

impl Asker {
    async fn of(app: &App, request: Request) -> ApiResult<Self> {
        let (mut parts, body) = request.into_parts();
        let user = SignedIn::from_request_parts(&mut parts, app).await?;
        let request = Request::from_parts(parts, body);
        let id = user.id;
        let on = app
            .read(async move |reader| second_factors::is_on(reader, id).await)
            .await;
        let on: bool = on.map_err(ApiError::Database)?;
        if on {
            let stepped_up = SteppedUp::<Option<RegisterPasskey>>::from_request(request, app).await?;
            return Ok(Self {
                actor: Actor::from(&stepped_up.user),
                user,
                password: None,
            });
        }
        let Json(ask) = Json::<RegisterPasskey>::from_request(request, app).await?;
        let password = ask.password.ok_or_else(password_missing)?;
        let password = current_password::check(app, &user, &password, "password").await?;
        Ok(Self {
            actor: Actor::from(&user),
            user,
            password: Some(password),
        })
    }
}

/// The person's handle, made when they have none.
async fn handle_of(change: &mut Change<'_>, user: UserId) -> ApiResult<Uuid> {
    if let Some(handle) = passkeys::handle(change, user).await? {
        return Ok(handle);
    }
    let handle = Uuid::from_bytes(random::bytes());
    passkeys::set_handle(change, user, handle)?;
    Ok(handle)
}

/// A password that the request should have brought.
pub(super) fn password_missing() -> ApiError {
    let detail = "send your password, too";
    Problem::unprocessable("password.missing", detail)
        .field("password", detail)
        .into()
}
