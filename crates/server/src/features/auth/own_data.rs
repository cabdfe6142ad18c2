//! What is kept of somebody's account, second factors, ways to sign in, sessions and signing keys, for the export of all
//! their data.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::Queryable;
use uuid::Uuid;

use super::{
    oidc::links::{self, OidcLinkView},
    passkeys::list::{self, PasskeyView},
    second_factors::{self, SecondFactors},
    store::own_data as store,
};
use crate::{app::App, http::error::ApiResult};

/// Everything but secrets.
#[derive(Serialize)]
pub struct OwnData {
    /// The person.
    pub account: Account,
    /// What their sign-in asks for beside the password.
    pub second_factors: SecondFactors,
    /// Their passkeys, without what signs in with them.
    pub passkeys: Vec<PasskeyView>,
    /// Their accounts elsewhere that sign in here.
    pub linked_sign_ins: Vec<OidcLinkView>,
    /// Every sign-in, ended or not.
    pub sessions: Vec<Session>,
    /// Every signing key, revoked or not, without its secret.
    pub signing_keys: Vec<SigningKey>,
}

/// The person.
#[derive(Serialize)]
pub struct Account {
    id: Uuid,
    email: String,
    name: Option<String>,
    role: String,
    created_at: Timestamp,
}

/// A sign-in.
#[derive(Serialize)]
pub struct Session {
    id: Uuid,
    device_id: Option<Uuid>,
    amr: String,
    ip: Option<String>,
    user_agent: Option<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// A signing key.
#[derive(Serialize)]
pub struct SigningKey {
    id: Uuid,
    name: String,
    scopes: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// Reads it.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn own_data(app: &App, on: &mut impl Queryable, user: UserId) -> ApiResult<OwnData> {
    let (id, email, name, role, created_at) = store::account(on, user).await?;
    let session = |(id, device_id, amr, ip, user_agent, created_at, expires_at, revoked_at)| Session {
        id,
        device_id,
        amr,
        ip,
        user_agent,
        created_at,
        expires_at,
        revoked_at,
    };
    let key = |(id, name, scopes, created_at, expires_at, last_used_at, revoked_at)| SigningKey {
        id,
        name,
        scopes,
        created_at,
        expires_at,
        last_used_at,
        revoked_at,
    };
    Ok(OwnData {
        account: Account {
            id,
            email,
            name,
            role,
            created_at,
        },
        second_factors: second_factors::of(on, user).await?,
        passkeys: list::own_passkeys(app, on, user).await?,
        linked_sign_ins: links::own_links(on, user).await?,
        sessions: store::sessions(on, user)
            .await?
            .into_iter()
            .map(session)
            .collect(),
        signing_keys: store::signing_keys(on, user)
            .await?
            .into_iter()
            .map(key)
            .collect(),
    })
}
