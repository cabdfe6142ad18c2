//! What an authenticator is asked, and what its answer will be held against.

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use stockade_domain::ids::UserId;
use stockade_platform::{db::DbResult, random};
use webauthn_rs::Webauthn;

use super::LIFE;
use crate::{
    app::App,
    core::change::Change,
    features::{
        auth::store::{
            passkey_ceremonies::{self, Ceremony, CeremonyKey},
            passkeys::StoredPasskey,
        },
        devices,
    },
    http::error::{ApiError, ApiResult, Problem},
};

/// What an answer is for; one for one purpose is none for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::features::auth) enum Purpose {
    /// A new passkey; named by the session's hash.
    Register,
    /// A sign-in with nothing else; named by a token of its own.
    SignIn,
    /// The second half of a sign-in; named by its challenge.
    SecondFactor,
    /// A step-up; named by its challenge.
    StepUp,
}

impl Purpose {
    /// Names the ceremony for this purpose.
    pub(in crate::features::auth) fn of(self, token_hash: [u8; 32]) -> CeremonyKey {
        let purpose = match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::StepUp => "step_up",
        };
        (purpose, token_hash)
    }
}

/// A ceremony that begins.
pub(in crate::features::auth) struct Asked {
    /// For the client: options in the JSON form of WebAuthn Level 3 §5.1.8 and §5.1.9.
    pub(in crate::features::auth) options: Value,
    /// What is to be stored.
    pub(in crate::features::auth) ceremony: Ceremony,
}

/// Asks for a signature: with one of these passkeys, or, when there are none, with any that the device knows us by.
pub(in crate::features::auth) fn ask(
    relying_party: &Webauthn,
    allowed: &[StoredPasskey],
    user: Option<UserId>,
    device_hash: [u8; 32],
    now: Timestamp,
) -> ApiResult<Asked> {
    let (options, state) = relying_party
        .start_discoverable_authentication()
        .map_err(|error| fault(&error))?;
    let mut options = json(&options.public_key)?;
    let allowed = allowed.iter().map(|passkey| descriptor(&passkey.credential_id));
    options["allowCredentials"] = allowed.collect();
    Ok(Asked {
        options,
        ceremony: begin(user, device_hash, &state, now)?,
    })
}

/// A ceremony that begins now.
pub(super) fn begin(
    user: Option<UserId>,
    device_hash: [u8; 32],
    state: &impl Serialize,
    now: Timestamp,
) -> ApiResult<Ceremony> {
    let life = SignedDuration::try_from(LIFE).unwrap_or(SignedDuration::ZERO);
    Ok(Ceremony {
        id: random::uuid_v7(now),
        user,
        device_hash,
        state: json(state)?.to_string(),
        expires_at: now + life,
    })
}

/// The living ceremony with this key and of this person.
///
/// # Errors
/// 401 `challenge.invalid`, also on a device that clearly did not begin it.
pub(super) async fn find(
    app: &App,
    headers: &HeaderMap,
    key: CeremonyKey,
    user: Option<UserId>,
) -> ApiResult<Ceremony> {
    let now = app.clock.now();
    let found: DbResult<_> = app
        .read(async move |reader| passkey_ceremonies::find(reader, key, now).await)
        .await;
    found?
        .filter(|found| found.user == user && !devices::is_clearly_other(app, headers, &found.device_hash))
        .ok_or_else(invalid)
}

/// Takes the ceremony out, whatever its answer was worth.
///
/// # Errors
/// 401 `challenge.invalid` when it was answered meanwhile.
pub(super) async fn take(change: &mut Change<'_>, key: CeremonyKey, ceremony: &Ceremony) -> ApiResult<()> {
    match passkey_ceremonies::take(change, key, ceremony.id).await? {
        true => Ok(()),
        false => Err(invalid()),
    }
}

/// What was stored when the ceremony began.
pub(super) fn state<T: DeserializeOwned>(ceremony: &Ceremony) -> ApiResult<T> {
    serde_json::from_str(&ceremony.state).map_err(|error| fault(&error))
}

pub(super) fn json(value: &impl Serialize) -> ApiResult<Value> {
    serde_json::to_value(value).map_err(|error| fault(&error))
}

/// A credential that options name (WebAuthn §5.8.3).
fn descriptor(credential_id: &[u8]) -> Value {
    json!({ "type": "public-key", "id": BASE64.encode(credential_id) })
}

pub(super) fn fault(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::Fault(format!("a ceremony of passkeys: {error}"))
}

fn invalid() -> ApiError {
    let detail = "this challenge has expired, was answered, or began on another device; begin again";
    Problem::unauthorized("challenge.invalid", detail).into()
}
