//! `POST /auth/passkeys/register/finish`: keeps the passkey that a device made (WebAuthn §7.1). The first second factor
//! brings ten backup codes with it.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use stockade_domain::ids::PasskeyId;
use utoipa::ToSchema;
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

use super::{
    ceremony,
    list::PasskeyView,
    register_start::{check_number, key},
    relying_party_of,
    sealed::Details,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change, sealed::key_of},
    features::auth::{
        events,
        second_factors::{self, Method, backup_code},
        signing_keys::checked_name,
        store::{
            passkeys::{self, NewPasskey},
            users,
        },
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// What the device made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct NewPasskeyAsk {
    /// For its owner's eyes; 1 to 100 characters.
    #[schema(example = "my phone")]
    name: String,
    /// `RegistrationResponseJSON` (WebAuthn Level 3 §5.1.7), as `credential.toJSON()` gives it.
    #[schema(value_type = Object)]
    credential: RegisterPublicKeyCredential,
}

/// A passkey just added.
#[derive(Serialize, ToSchema)]
pub(in crate::features::auth) struct PasskeyAdded {
    passkey: PasskeyView,
    /// Ten codes, each good for one sign-in without the passkey, when this is the first second factor; otherwise none.
    /// They are shown once.
    #[schema(example = json!(["7M2K-0QXF-9AVT-E4HB"]))]
    backup_codes: Vec<String>,
}

#[utoipa::path(
    post, path = "/api/v1/auth/passkeys/register/finish", tag = "passkeys", request_body = NewPasskeyAsk,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 201, body = PasskeyAdded), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
pub(in crate::features::auth) async fn finish(
    State(app): State<App>,
    user: SignedIn,
    headers: HeaderMap,
    Json(ask): Json<NewPasskeyAsk>,
) -> ApiResult<(StatusCode, Answer<PasskeyAdded>)> {
    let name = checked_name(&ask.name)?;
    let begun = ceremony::find(&app, &headers, key(&user), Some(user.id)).await?;
    let state: PasskeyRegistration = ceremony::state(&begun)?;
    let made = relying_party_of(&app)?.finish_passkey_registration(&ask.credential, &state);
    let made = made
        .inspect_err(|error| tracing::debug!(%error, "a new passkey was refused"))
        .ok();
    let added = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                ceremony::take(change, key(&user), &begun).await?;
                let Some(passkey) = &made else {
                    return change.commit(events::passkey_not_added(user.id), Err(not_made()));
                };
                let present = passkeys::of_owner(change, user.id).await?.len();
                check_number(present)?;
                let had_factor = second_factors::is_on(change, user.id).await?;
                let (id, now) = (PasskeyId::from_uuid(change.new_id()), change.now());
                let details = Details {
                    name: name.clone(),
                    passkey: passkey.clone(),
                };
                let data_key = key_of(&app.core.keys, change, user.id).await?;
                let new = NewPasskey {
                    id,
                    owner: user.id,
                    credential_id: passkey.cred_id().as_slice(),
                    sealed: details.seal(&data_key, id)?,
                    created_at: now,
                };
                if !passkeys::insert(change, &new).await? {
                    let detail = "this passkey is known already";
                    return Err(Problem::conflict("passkey.known", detail).into());
                }
                users::credentials_changed(change, user.id, now)?;
                if present == 0 {
                    change.also(events::second_factor_enabled(user.id, Method::Passkey));
                }
                let mut backup_codes = Vec::new();
                if !had_factor {
                    backup_codes = backup_code::renew(&app, change, user.id).await?;
                    change.also(events::backup_codes_created(user.id, backup_codes.len()));
                }
                let added = PasskeyAdded {
                    passkey: PasskeyView::new(id, details.name, now, None),
                    backup_codes,
                };
                change.commit(events::passkey_added(user.id, id, &name), Ok(added))
            }
        })
        .await??;
    Ok((StatusCode::CREATED, Answer(added)))
}

fn not_made() -> Problem {
    let detail = "this passkey was not accepted; begin again, and let the device check that it is you";
    Problem::unprocessable("passkey.refused", detail).field("credential", detail)
}
