//! `POST`, `GET`, `DELETE /signing-keys`: keys with which a person's programs sign requests. The secret is shown once
//! and kept sealed. Creating one takes a step-up.

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::ids::{SessionId, SigningKeyId};
use stockade_platform::{db::DbResult, random};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    events,
    scopes::{Scope, Scopes},
    signing_secrets,
    store::{
        signing_keys::{self, NewKey, StoredKey},
        users,
    },
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiError, ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// Living keys a person may have.
const MOST: usize = 25;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// What the key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKey {
    /// For its owner's eyes; 1 to 100 characters.
    #[schema(example = "trading bot")]
    name: String,
    /// What it may sign for; everything when left out.
    #[schema(value_type = Option<Vec<Scope>>)]
    scopes: Option<Scopes>,
}

/// A signing key.
#[derive(Serialize, ToSchema)]
pub(super) struct SigningKeyView {
    /// Sent as `X-Key-Id`.
    id: Uuid,
    name: String,
    /// The HMAC key: these characters as they stand, not decoded. Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[schema(value_type = Vec<Scope>)]
    scopes: Scopes,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A person's signing keys.
#[derive(Serialize, ToSchema)]
pub(super) struct SigningKeys {
    items: Vec<SigningKeyView>,
    /// Always null: there are never many.
    next_cursor: Option<String>,
}

#[utoipa::path(
    post, path = "/api/v1/signing-keys", tag = "signing keys", request_body = CreateKey,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 201, body = SigningKeyView), (status = 403, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn create(
    State(app): State<App>,
    SteppedUp { user, ask }: SteppedUp<CreateKey>,
) -> ApiResult<(StatusCode, Answer<SigningKeyView>)> {
    let name = checked_name(&ask.name)?;
    let scopes = ask.scopes.unwrap_or(Scopes::ALL);
    let created = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let now = change.now();
                users::lock(change, user.id).await?;
                if signing_keys::of_owner(change, user.id, now).await?.len() >= MOST {
                    let detail = format!("you have {MOST} signing keys; revoke one first");
                    return Err(Problem::conflict("signing_key.too_many", detail).into());
                }
                let key = issue(&app, change, &user, None, &name, scopes).await?;
                let event = events::signing_key_created(key.id, scopes, false);
                let view = SigningKeyView {
                    id: key.id.as_uuid(),
                    name: name.clone(),
                    secret: Some(key.secret.to_string()),
                    scopes,
                    created_at: now,
                    last_used_at: None,
                    expires_at: key.expires_at,
                };
                change.commit(event, view)
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(created)))
}

#[utoipa::path(
    get, path = "/api/v1/signing-keys", tag = "signing keys",
    responses((status = 200, body = SigningKeys), (status = 401, body = Problem))
)]
pub(super) async fn list(State(app): State<App>, user: SignedIn) -> ApiResult<Answer<SigningKeys>> {
    let now = app.clock.now();
    let keys: DbResult<_> = app
        .read(async move |reader| signing_keys::of_owner(reader, user.id, now).await)
        .await;
    let items = keys?
        .into_iter()
        .map(|key| view(&app, key))
        .collect::<ApiResult<_>>()?;
    Ok(Answer(SigningKeys {
        items,
        next_cursor: None,
    }))
}

#[utoipa::path(
    delete, path = "/api/v1/signing-keys/{id}", tag = "signing keys", params(("id" = Uuid, Path)),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 204, description = "Revoked."), (status = 404, body = Problem))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    let unknown = || Problem::not_found("signing_key.unknown", "you have no such signing key");
    let id: SigningKeyId = id.parse().map_err(|_| unknown())?;
    app.change(&user.clone(), {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            let now = change.now();
            if !signing_keys::revoke(change, user.id, id, now).await? {
                return Err(unknown().into());
            }
            let app = app.clone();
            change.after_commit(async move { app.auth.secrets.forget(id) });
            change.commit(events::signing_key_revoked(id), ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A key just made.
pub(super) struct Issued {
    pub(super) id: SigningKeyId,
    pub(super) secret: Zeroizing<String>,
    pub(super) expires_at: Timestamp,
}

/// Makes a key and seals its secret under the owner's data key.
pub(super) async fn issue(
    app: &App,
    change: &mut Change<'_>,
    owner: &SignedIn,
    session: Option<SessionId>,
    name: &str,
    scopes: Scopes,
) -> ApiResult<Issued> {
    let now = change.now();
    let id = SigningKeyId::from_uuid(change.new_id());
    let secret = Zeroizing::new(BASE64.encode(Zeroizing::new(random::bytes::<32>())));
    let data_key = app.core.keys.of(change, owner.id.as_uuid()).await?;
    let data_key = data_key.ok_or_else(|| ApiError::Fault(format!("{} has no data key", owner.id)))?;
    let expires_at = now + app.config.signing.key_life;
    let key = NewKey {
        id,
        owner: owner.id,
        session,
        name,
        scopes: &scopes.to_string(),
        sealed_secret: data_key.seal(&signing_secrets::place(&id.as_uuid()), secret.as_bytes()),
        created_at: now,
        expires_at,
    };
    signing_keys::insert(change, key)?;
    Ok(Issued {
        id,
        secret,
        expires_at,
    })
}

fn view(app: &App, key: StoredKey) -> ApiResult<SigningKeyView> {
    let unknown = |_| ApiError::Fault(format!("signing key {} has unknown scopes", key.id));
    Ok(SigningKeyView {
        id: key.id.as_uuid(),
        scopes: key.scopes.parse().map_err(unknown)?,
        name: key.name,
        secret: None,
        created_at: key.created_at,
        last_used_at: app.auth.secrets.last_use(key.id).max(key.last_used_at),
        expires_at: key.expires_at,
    })
}

/// A name its owner gives something, without blanks around it.
pub(super) fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    if (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let detail = format!("the name must have 1 to {LONGEST_NAME} characters on one line");
    Err(Problem::unprocessable("name.invalid", &*detail)
        .field("name", detail)
        .into())
}
